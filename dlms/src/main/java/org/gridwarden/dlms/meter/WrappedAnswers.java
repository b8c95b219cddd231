package org.gridwarden.dlms.meter;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.gridwarden.dlms.ByteLine;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.Wrapper;
import org.gridwarden.dlms.WrapperReader;

/**
 * Answers clients of one or more logical devices in the wrapper (IEC 62056-47) over a line that
 * somebody else drives: bytes in, bytes out, in whatever pieces they come. Has no thread, and waits
 * for nothing. One thread at a time.
 */
public final class WrappedAnswers {
  private static final int MAX_CLIENTS = 8;

  /** Never over: the line never has anybody wait. */
  private static final Duration LONG = Duration.ofDays(1);

  private final Devices.Open open;
  private final Pieces pieces = new Pieces();
  private final WrapperReader reader = new WrapperReader(pieces, Wrapper.MAX_APDU);

  /**
   * @param devices by wrapper port; 1 is the management logical device
   */
  public WrappedAnswers(Map<Integer, LogicalDevice> devices) {
    this.open = new Devices(devices).new Open(MAX_CLIENTS);
  }

  /** What came and was not read yet; as if it ended there, which the reader may try again. */
  private static final class Pieces implements ByteLine {
    private byte[] coming = {};
    private int from;

    void add(byte[] piece) {
      byte[] all = Arrays.copyOfRange(coming, from, coming.length + piece.length);
      System.arraycopy(piece, 0, all, coming.length - from, piece.length);
      coming = all;
      from = 0;
    }

    @Override
    public int read(byte[] into, int at, int length, Duration patience) {
      int count = Math.min(length, coming.length - from);
      if (count == 0) {
        return -1;
      }
      System.arraycopy(coming, from, into, at, count);
      from += count;
      return count;
    }

    @Override
    public void write(byte[] bytes) {
      throw new UnsupportedOperationException("answers are given to who drives the line");
    }

    @Override
    public void close() {
      // nothing is held
    }
  }

  /**
   * Takes bytes.
   *
   * @return what is to be written, mostly nothing
   * @throws DlmsException where they are no wrapper, too long, or for nobody here: the line is of
   *     no use any more
   */
  public byte[] take(byte[] piece) throws DlmsException {
    pieces.add(piece);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      while (true) {
        WrapperReader.Wrapped asked = reader.next(LONG);
        Optional<List<byte[]>> answers =
            open.answer(asked.destination(), asked.source(), asked.apdu());
        if (answers.isEmpty()) {
          throw new DlmsException(
              DlmsException.Kind.MALFORMED, 4, "there is no device " + asked.destination());
        }
        for (byte[] answer : answers.get()) {
          out.writeBytes(Wrapper.encode(asked.destination(), asked.source(), answer));
        }
      }
    } catch (EOFException e) {
      return out.toByteArray(); // the rest is still to come
    } catch (IOException e) {
      throw new IllegalStateException("nothing here is read from anywhere", e);
    }
  }
}
