package org.gridwarden.dlms.capture;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.gridwarden.dlms.DlmsDecoder;
import org.gridwarden.dlms.HexInput;
import org.gridwarden.dlms.LinkEvent;

/**
 * Reads whatever of DLMS somebody has kept: a capture file, a log of hexadecimal lines with their
 * directions, hexadecimal text, or the bytes themselves; and tells each message as soon as it is
 * there, with what the messages before it say of it. For a person's eyes, as {@link DlmsDecoder}
 * is. Thread-safe; each reading is of its own.
 *
 * <p>Bounded whatever the input says: a packet and a line have their limits, a connection holds
 * what waits for a missing segment up to 256 KiB, and 4096 connections are followed at a time.
 */
public final class CaptureDecoder {
  private final CaptureSettings settings;

  public CaptureDecoder(CaptureSettings settings) {
    this.settings = settings;
  }

  /**
   * Reads to the end.
   *
   * @param in closed by the caller
   * @param to told of all that is there, in its order
   */
  public void read(InputStream in, Consumer<? super CaptureEvent> to) throws IOException {
    Consumer<CaptureEvent> out = to::accept;
    byte[] first = in.readNBytes(CaptureFile.MAGIC_LENGTH);
    if (first.length == CaptureFile.MAGIC_LENGTH && CaptureFile.isOne(first)) {
      new Flows(settings, out).read(first, in);
      return;
    }
    byte[] chunk = new byte[8192];
    System.arraycopy(first, 0, chunk, 0, first.length);
    int more =
        first.length < CaptureFile.MAGIC_LENGTH
            ? 0
            : Math.max(0, in.read(chunk, first.length, chunk.length - first.length));
    byte[] beginning = Arrays.copyOf(chunk, first.length + more);
    InputStream all = new SequenceInputStream(new ByteArrayInputStream(beginning), in);
    String text = isText(beginning) ? new String(beginning, StandardCharsets.UTF_8) : "";
    if (HexLog.isOne(text)) {
      new HexLog(settings, true, out).read(all);
    } else if (HexLog.isListOfApdus(text)) {
      new HexLog(settings, false, out).read(all);
    } else {
      bytes(all, out);
    }
  }

  /** No control character but those of text. */
  private static boolean isText(byte[] bytes) {
    for (byte b : bytes) {
      if (b >= 0 && b < 0x20 && b != '\n' && b != '\r' && b != '\t' && b != '\f') {
        return false;
      }
    }
    return true;
  }

  /** One stream of bytes, perhaps of both directions: the APDUs themselves say which. */
  private void bytes(InputStream all, Consumer<CaptureEvent> to) throws IOException {
    try (Sides sides = new Sides(settings, false, true);
        HexInput hex = new HexInput(all, what -> to.accept(new CaptureEvent.Problem("", what)))) {
      DlmsDecoder.read(
          hex,
          event -> opened(event, sides),
          found -> found.stream().anyMatch(CaptureEvent.Said.class::isInstance),
          found -> found.forEach(to));
    }
  }

  private static List<CaptureEvent> opened(LinkEvent event, Sides sides) {
    String place = "frame at byte " + event.offset();
    return switch (event) {
      case LinkEvent.Bad bad -> List.of(new CaptureEvent.Problem(place, bad.what()));
      case LinkEvent.Pdu pdu -> {
        List<CaptureEvent> found = new ArrayList<>(1);
        sides.take(pdu, -1, "", "", place, found::add);
        yield found;
      }
    };
  }
}
