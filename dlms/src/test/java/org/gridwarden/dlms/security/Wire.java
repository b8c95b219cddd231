package org.gridwarden.dlms.security;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.UnaryOperator;
import org.gridwarden.dlms.ApduLink;
import org.gridwarden.dlms.meter.LogicalDevice;
import org.gridwarden.dlms.meter.MeterAssociation;

/** A link to a meter in the same thread, on which somebody listens, and may change what goes by. */
final class Wire implements ApduLink {
  private final MeterAssociation meter;
  private final Deque<byte[]> answers = new ArrayDeque<>();
  final List<byte[]> requests = new ArrayList<>();
  final List<byte[]> responses = new ArrayList<>();
  UnaryOperator<byte[]> towardsMeter = UnaryOperator.identity();
  UnaryOperator<byte[]> towardsClient = UnaryOperator.identity();

  Wire(LogicalDevice device, int client) {
    this.meter = new MeterAssociation(device, client);
  }

  @Override
  public void send(byte[] apdu) {
    requests.add(apdu.clone());
    for (byte[] answer : answer(towardsMeter.apply(apdu.clone()))) {
      responses.add(answer.clone());
      answers.add(towardsClient.apply(answer.clone()));
    }
  }

  /** What the meter says to an APDU of whoever sends it. */
  List<byte[]> answer(byte[] apdu) {
    return meter.answer(apdu);
  }

  @Override
  public byte[] receive(Duration patience) throws IOException {
    byte[] answer = answers.poll();
    if (answer == null) {
      throw new IOException("the meter says nothing");
    }
    return answer;
  }

  @Override
  public void close() {
    // nothing to close
  }
}
