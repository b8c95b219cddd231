package org.gridwarden.channel.zigbee;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Properties;

/**
 * Gives a network another key on the air: each device is told it under its own link key, then all
 * switch (Zigbee specification 05-3474, clause 4.6.3.4). Not by EZSP's broadcast of the next key
 * (0x73): that goes under the present one, so that whoever stole it reads the next. The office
 * keeps no copy.
 *
 * @param number of the key, as the dongle counts
 * @param at when all were told to switch
 * @param told how many devices it was sent to
 */
public record KeyChange(int number, Instant at, int told) {
  private static final String FILE = "network-key.properties";
  private static final SecureRandom RANDOM = new SecureRandom();

  /** What a device missed the first time. Answers of the dongle are not to be had. */
  private static final int PASSES = 2;

  /** A dongle has room for some ten frames at once, and each takes some hops. */
  private static final Duration BETWEEN = Duration.ofMillis(100);

  /** Dongles refuse a switch sooner: all broadcasts are to have died away (9 s). */
  private static final Duration SETTLE = Duration.ofSeconds(10);

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /**
   * Does it; blocks for a fifth of a second a device, and some more.
   *
   * @param members who is inside
   * @throws IOException where the dongle does not say that it switched; then the old key stands
   */
  static KeyChange make(EmberDongle dongle, List<Known> members, InstantSource clock)
      throws IOException, InterruptedException {
    if (members.isEmpty()) {
      throw new IOException("nobody is inside to be told another key");
    }
    int[] key = new int[16];
    try {
      for (int i = 0; i < key.length; i++) {
        key[i] = RANDOM.nextInt(256);
      }
      for (int pass = 0; pass < PASSES; pass++) {
        for (Known one : members) {
          dongle.tellKey(one.address(), one.eui64().address(), key);
          Thread.sleep(BETWEEN);
        }
      }
    } finally {
      Arrays.fill(key, 0);
    }
    Thread.sleep(SETTLE);
    OptionalInt number = dongle.switchKey(PATIENCE);
    if (number.isEmpty()) {
      throw new IOException(
          "the dongle does not say that it switched to another network key: order it once more");
    }
    return new KeyChange(number.getAsInt(), clock.instant(), members.size());
  }

  /**
   * The last change that a coordinator's folder tells of.
   *
   * @throws IOException where its file is damaged
   */
  public static Optional<KeyChange> last(Path folder) throws IOException {
    Properties lines = new Properties();
    try (Reader in = Files.newBufferedReader(folder.resolve(FILE))) {
      lines.load(in);
      return Optional.of(
          new KeyChange(
              Integer.parseInt(lines.getProperty("number", "")),
              Instant.parse(lines.getProperty("changed", "")),
              Integer.parseInt(lines.getProperty("told", ""))));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new IOException(folder.resolve(FILE) + " is damaged: remove it", e);
    }
  }

  void write(Path folder) throws IOException {
    Files.writeString(
        folder.resolve(FILE),
        "number = " + number + "\nchanged = " + at + "\ntold = " + told + "\n");
  }
}
