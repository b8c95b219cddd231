package org.gridwarden.exchange.load;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;

/**
 * What is kept of a file as evidence of the values that were taken of it: the file's hash, and for
 * each value the line that it stands on. The same file gives the same bytes, whenever it is taken
 * in, so that it is known again.
 */
final class Evidence {
  private Evidence() {}

  static byte[] of(String sha256, FileLoad file, Series series, int from, int to) {
    StringBuilder text = new StringBuilder(128 + 40 * (to - from));
    text.append("gridwarden import 1\nfile sha256 ").append(sha256);
    text.append("\nform ").append(file.form());
    text.append("\nmeter ").append(series.meter().id());
    text.append("\nchannel ").append(series.measure().channel());
    text.append(" unit ").append(series.measure().unit().symbol());
    text.append(" scaler ").append(series.scaler());
    text.append(" seconds ").append(series.seconds());
    text.append("\nline,start,value,quality\n");
    for (int i = from; i < to; i++) {
      text.append(series.points().line(i))
          .append(',')
          .append(Instant.ofEpochSecond(series.points().start(i)))
          .append(',')
          .append(series.points().value(i))
          .append(',')
          .append(series.points().quality(i) & 0xFF)
          .append('\n');
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is missing in this Java", e);
    }
  }
}
