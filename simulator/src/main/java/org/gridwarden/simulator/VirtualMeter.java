package org.gridwarden.simulator;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Locale;
import org.gridwarden.core.Secret;

/**
 * What a virtual meter is: its names, keys, clock and household.
 *
 * @param number from 1 on
 * @param serial the maker's number
 * @param title the 8-byte system title, as a number
 * @param encryption its global unicast encryption key
 * @param authentication its authentication key
 * @param clock its own clock
 * @param curve its household
 * @param roof what it feeds back
 * @param dice its chance
 */
record VirtualMeter(
    int number,
    String serial,
    long title,
    Secret encryption,
    Secret authentication,
    MeterClock clock,
    LoadCurve curve,
    Roof roof,
    Dice dice) {

  static VirtualMeter of(
      int number,
      StreetSettings settings,
      Households households,
      StreetSecret secret,
      Dice dice,
      InstantSource clock) {
    return new VirtualMeter(
        number,
        String.format(Locale.ROOT, "GW-%07d", number),
        title(number),
        secret.key("guek", number),
        secret.key("gak", number),
        MeterClock.of(clock, dice.of(1), number <= settings.skewed()),
        new LoadCurve(households, settings.zone(), dice.of(2)),
        new Roof(dice.of(4)),
        dice.of(3));
  }

  byte[] systemTitle() {
    return ByteBuffer.allocate(8).putLong(title).array();
  }

  /** Three letters for the maker and a 5-byte number (IEC 62056-5-3, clause 4.3.4). */
  private static long title(int number) {
    long maker = 0;
    for (byte letter : "GWS".getBytes(StandardCharsets.US_ASCII)) {
      maker = maker << 8 | letter;
    }
    return maker << 40 | number;
  }
}
