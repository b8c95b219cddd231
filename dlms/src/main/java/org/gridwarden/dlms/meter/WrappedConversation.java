package org.gridwarden.dlms.meter;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.gridwarden.dlms.AttributeRef;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.TcpLine;
import org.gridwarden.dlms.Wrapper;
import org.gridwarden.dlms.WrapperReader;

/**
 * A connection in the wrapper over TCP, from a meter's side: what is asked is answered in its
 * order, and what the meter has to say unasked goes in between. Thread-safe.
 */
final class WrappedConversation {
  private static final int MAX_CLIENTS = 8;

  private final TcpLine line;
  private final Devices.Open open;

  /** Guards the associations, and that nothing is written into the middle of an answer. */
  private final ReentrantLock turn = new ReentrantLock();

  WrappedConversation(TcpLine line, Devices devices) {
    this.line = line;
    this.open = devices.new Open(MAX_CLIENTS);
  }

  /** Answers until the client goes, is silent for so long, or sends what is no wrapper. */
  void hold(Duration idle) throws IOException {
    WrapperReader reader = new WrapperReader(line, Wrapper.MAX_APDU);
    try {
      boolean known = true;
      while (known) {
        known = answer(reader.nextOrClose(idle));
      }
    } catch (DlmsException e) {
      // no wrapper: there is no way to find the next one
    }
  }

  private boolean answer(WrapperReader.Wrapped asked) throws IOException {
    turn.lock();
    try {
      Optional<List<byte[]>> answers =
          open.answer(asked.destination(), asked.source(), asked.apdu());
      for (byte[] answer : answers.orElse(List.of())) {
        line.write(Wrapper.encode(asked.destination(), asked.source(), answer));
      }
      return answers.isPresent();
    } finally {
      turn.unlock();
    }
  }

  /** Tells an attribute's value to those clients here who take it; returns how many. */
  int tell(int device, AttributeRef attribute) {
    turn.lock();
    try {
      int told = 0;
      for (Devices.Told one : open.told(device, attribute)) {
        line.write(Wrapper.encode(device, one.client(), one.apdu()));
        told++;
      }
      return told;
    } catch (IOException | DlmsException e) {
      return 0; // the client is gone; the thread that reads it will see so, too
    } finally {
      turn.unlock();
    }
  }
}
