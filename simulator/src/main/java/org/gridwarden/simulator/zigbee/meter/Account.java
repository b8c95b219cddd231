package org.gridwarden.simulator.zigbee.meter;

import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * A prepayment account as the Prepayment cluster shows it: a credit that becomes less with the
 * energy that is taken. It cuts nobody off by itself. On the model's thread only.
 */
public final class Account implements MeterCluster {
  static final int PREPAYMENT = 0x0705;

  /** Bits of the credit's status. */
  static final int CREDIT_OK = 0b000_0001;

  static final int LOW = 0b000_0010;
  static final int EXHAUSTED = 0b100_0000;

  private static final int ON_PREPAYMENT = 0b10;
  private static final int FRANC = 756;

  private final LongSupplier wattHours;
  private boolean open;
  private long credit;
  private long price;
  private long low;
  private long from;

  Account(LongSupplier wattHours) {
    this.wattHours = wattHours;
  }

  /**
   * From now on the meter is on prepayment.
   *
   * @param hundredths what its consumer has paid, in hundredths of the currency
   * @param perKilowattHour the price, likewise
   * @param warning below that the credit is low
   */
  public void open(long hundredths, long perKilowattHour, long warning) {
    open = true;
    credit = hundredths;
    price = perKilowattHour;
    low = warning;
    from = wattHours.getAsLong();
  }

  /** What is left, in hundredths of the currency; below 0 where more was taken. */
  public long left() {
    return credit - Math.floorDiv((wattHours.getAsLong() - from) * price, 1_000);
  }

  private int status() {
    long left = left();
    return left <= 0 ? EXHAUSTED : left < low ? CREDIT_OK | LOW : CREDIT_OK;
  }

  @Override
  public boolean take(int cluster, Zcl zcl) {
    return false;
  }

  @Override
  public Optional<Attribute> attribute(int cluster, int id) {
    return cluster != PREPAYMENT || !open
        ? Optional.empty()
        : switch (id) {
          case 0x0000 -> Optional.of(Attribute.bits16(ON_PREPAYMENT));
          case 0x0001 -> Optional.of(Attribute.signed32(left()));
          case 0x0003 -> Optional.of(Attribute.bits8(status()));
          case 0x0503 -> Optional.of(Attribute.unsigned16(FRANC));
          default -> Optional.empty();
        };
  }

  @Override
  public List<Integer> servers() {
    return open ? List.of(PREPAYMENT) : List.of();
  }
}
