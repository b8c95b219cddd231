package org.gridwarden.security.integrity;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.gridwarden.security.audit.TreeHash;
import org.gridwarden.security.command.CommandException;
import org.gridwarden.security.command.Purpose;
import org.gridwarden.security.command.Signed;
import org.gridwarden.security.command.Signer;

/**
 * What a meter says it measured on a day: the digest of the day's values, under a key that only the
 * meter has (COSE_Sign1). Unlike a MAC, whose key the office shares, nobody but the meter can have
 * made it. Immutable.
 *
 * @param meter who says so
 * @param channel what was measured, as OBIS code
 * @param start when the day's first slot began
 * @param seconds how long a slot is
 * @param unit of the values, as their symbol
 * @param scaler of the values
 * @param values the digest, {@link #digest}
 */
public record MeterDay(
    String meter,
    String channel,
    Instant start,
    int seconds,
    String unit,
    int scaler,
    TreeHash values) {
  private static final String TITLE = "gridwarden meter day 1";

  /**
   * @throws IllegalArgumentException where a word holds a line break
   */
  public MeterDay {
    for (String word : List.of(meter, channel, unit)) {
      if (word.indexOf('\n') >= 0 || word.indexOf('\r') >= 0) {
        throw new IllegalArgumentException("a day's words are one line each");
      }
    }
  }

  /**
   * The digest of a day's values: SHA-256 over each as 8 bytes, big-endian.
   *
   * @param values one a slot; {@link Long#MIN_VALUE} where the meter has none
   */
  public static TreeHash digest(long[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * Long.BYTES);
    for (long value : values) {
      bytes.putLong(value);
    }
    try {
      return TreeHash.of(MessageDigest.getInstance("SHA-256").digest(bytes.array()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  /** The meter's signature over it: COSE_Sign1. */
  public byte[] sign(Signer signer) throws CommandException {
    return Signed.sign(Purpose.METER_DAY, signer, text().getBytes(StandardCharsets.UTF_8)).bytes();
  }

  /**
   * The day that signed bytes hold.
   *
   * @throws CommandException where they hold none, or the signature is not by that key
   */
  public static MeterDay open(byte[] signed, PublicKey key) throws CommandException {
    byte[] payload = Signed.parse(signed).open(Purpose.METER_DAY, key);
    List<String> lines = new String(payload, StandardCharsets.UTF_8).lines().toList();
    if (lines.size() != 8 || !lines.get(0).equals(TITLE)) {
      throw new CommandException("it is no meter's day");
    }
    try {
      return new MeterDay(
          lines.get(1),
          lines.get(2),
          Instant.parse(lines.get(3)),
          Integer.parseInt(lines.get(4)),
          lines.get(5),
          Integer.parseInt(lines.get(6)),
          TreeHash.of(HexFormat.of().parseHex(lines.get(7))));
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new CommandException("it is no meter's day");
    }
  }

  private String text() {
    return String.join(
        "\n",
        TITLE,
        meter,
        channel,
        start.toString(),
        Integer.toString(seconds),
        unit,
        Integer.toString(scaler),
        values.toString(),
        "");
  }
}
