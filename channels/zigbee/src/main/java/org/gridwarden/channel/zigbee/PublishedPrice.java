package org.gridwarden.channel.zigbee;

import java.time.Instant;
import java.util.Currency;
import java.util.Optional;
import org.gridwarden.core.Action;

/**
 * A price as Smart Energy's PublishPrice states it (cluster 0x0700), to be shown to a consumer: the
 * meter reckons with what it was ordered under a signature.
 *
 * @param price per kilowatt-hour, in the currency's unit with so many
 * @param digits behind the point, 0 to 6
 * @param currency its number of ISO 4217
 * @param from from when on
 * @param event names this publication; a greater one takes the place of the one before
 */
record PublishedPrice(long price, int digits, int currency, Instant from, long event) {
  static final int PUBLISH = 0x00;
  static final int GET_CURRENT = 0x00;

  private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");
  private static final long MOST = 0xFFFF_FFFEL;
  private static final int MICRO_DIGITS = 6;
  private static final int KILOWATT_HOURS = 0;
  private static final int UNTIL_CHANGED = 0xFFFF;
  private static final int NONE_8 = 0xFF;
  private static final long NONE_32 = 0xFFFF_FFFFL;

  /**
   * Reads what was ordered; empty where Zigbee has no words for it: a price below zero, of more
   * than 4,294,967,294 in its smallest step, in no currency of ISO 4217, or from before 2000.
   *
   * @param now when it is published
   */
  static Optional<PublishedPrice> of(Action.SetPrice ordered, Instant now) {
    long price = ordered.microPerKilowattHour();
    int digits = MICRO_DIGITS;
    while (digits > 0 && price % 10 == 0) {
      price /= 10;
      digits--;
    }
    int currency;
    try {
      currency = Currency.getInstance(ordered.currency()).getNumericCode();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    return price < 0 || price > MOST || ordered.from().isBefore(EPOCH)
        ? Optional.empty()
        : Optional.of(new PublishedPrice(price, digits, currency, ordered.from(), seconds(now)));
  }

  private static long seconds(Instant at) {
    return at.getEpochSecond() - EPOCH.getEpochSecond();
  }

  /** Whether it is the price at that time. */
  boolean holds(Instant now) {
    return !from.isAfter(now);
  }

  /** The command's payload (07-5356-19, D.4.2.4.1): what is not used is all ones. */
  byte[] bytes(Instant now) {
    return new Zcl.Out()
        .number(4, 0) // provider
        .number(1, 0) // no label
        .number(4, event)
        .number(4, seconds(now))
        .number(1, KILOWATT_HOURS)
        .number(2, currency)
        .number(1, digits << 4) // no tier
        .number(1, 0) // no tiers, none registered
        .number(4, holds(now) ? 0 : seconds(from)) // 0 is now
        .number(2, UNTIL_CHANGED)
        .number(4, price)
        .number(1, NONE_8) // price ratio
        .number(4, NONE_32) // generation price
        .number(1, NONE_8) // its ratio
        .done();
  }
}
