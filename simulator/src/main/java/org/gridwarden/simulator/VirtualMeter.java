package org.gridwarden.simulator;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import org.gridwarden.core.MeterId;

/**
 * What a virtual meter is: its names, keys, clock and household.
 *
 * @param number from 1 on
 * @param serial the maker's number
 * @param title the 8-byte system title, as a number
 * @param made the keys that it left the factory with
 * @param clock its own clock
 * @param curve its household
 * @param roof what it feeds back
 * @param dice its chance
 * @param control what it does when it is told to
 */
record VirtualMeter(
    int number,
    String serial,
    long title,
    FactoryKeys made,
    MeterClock clock,
    LoadCurve curve,
    Roof roof,
    Dice dice,
    MeterControl control) {
  private static final int ON_A_FEEDER = 50;

  static VirtualMeter of(
      int number,
      StreetSettings settings,
      Households households,
      StreetSecret secret,
      Dice dice,
      InstantSource clock) {
    return of(number, settings, households, secret, dice, clock, MeterMemory.passing());
  }

  static VirtualMeter of(
      int number,
      StreetSettings settings,
      Households households,
      StreetSecret secret,
      Dice dice,
      InstantSource clock,
      MeterMemory memory) {
    String serial = String.format(Locale.ROOT, "GW-%07d", number);
    MeterClock own = MeterClock.of(clock, dice.of(1), number <= settings.skewed());
    LoadCurve curve = new LoadCurve(households, settings.zone(), dice.of(2), memory::supply);
    FactoryKeys made = FactoryKeys.of(secret, number);
    return new VirtualMeter(
        number,
        serial,
        title(number),
        made,
        own,
        curve,
        new Roof(dice.of(4), memory.supply()),
        dice.of(3),
        MeterControl.of(
            new MeterId(serial),
            made.ring(memory),
            secret.signer(number),
            settings.operators(),
            memory,
            new OwnClock(own, memory),
            () -> curve.register(own.instant())));
  }

  /** A meter's own clock, whose setting outlives a power cut. */
  private record OwnClock(MeterClock clock, MeterMemory memory) implements MeterControl.Watch {
    OwnClock {
      memory.word("clock").map(Long::parseLong).ifPresent(clock.corrected()::set);
    }

    @Override
    public Instant instant() {
      return clock.instant();
    }

    @Override
    public Duration setRight() {
      Duration fast = clock.setRight();
      memory.word("clock", Long.toString(clock.corrected().get()));
      return fast;
    }
  }

  /** The group that it was made for: the meters behind a transformer. */
  String feeder() {
    return "F-" + ((number - 1) / ON_A_FEEDER + 1);
  }

  /** Its keys, as they are now. */
  MeterKeyRing keys() {
    return control.keys();
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
