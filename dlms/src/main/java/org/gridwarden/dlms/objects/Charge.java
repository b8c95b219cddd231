package org.gridwarden.dlms.objects;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.AttributeRef;
import org.gridwarden.dlms.CosemDateTime;
import org.gridwarden.dlms.DlmsData;

/**
 * Charge (class 113, version 0, IEC 62056-6-2 clause 4.6.4): what an {@link Account}, which makes
 * it, takes from its credits: by consumption, by time, or by a share of each top-up. Parts of a
 * currency unit are kept until they make a whole one: nothing is lost or taken twice.
 *
 * <p>A charge by time or payment ends with its total_amount_remaining, as a debt does, unless bit 1
 * of charge_configuration makes it continuous, as a standing charge is. Thread-safe: state is
 * guarded by the account's lock.
 */
public final class Charge extends InterfaceObject {
  /** By what it is collected, numbered as charge_type. */
  public enum Type {
    CONSUMPTION(0),
    TIME(1),
    PAYMENT(2);

    private final int code;

    Type(int code) {
      this.code = code;
    }
  }

  /**
   * What a unit costs at a tariff.
   *
   * @param index the tariff, as a register activation's mask names it
   * @param price -32,768 to 32,767, scaled by the price scale
   */
  public record Price(DlmsData.OctetString index, int price) {
    DlmsData data() {
      return DlmsData.Structure.of(index, new DlmsData.Long16(price));
    }
  }

  /**
   * What units cost.
   *
   * @param commodityScale a price is for 10^n of the commodity's unit: 3 for kWh where it counts
   *     Wh; -12 to 12
   * @param priceScale a price is 10^n of the currency's unit: -3 for thousandths; -12 to 12
   * @param commodity what is counted; class 0 where nothing is
   * @param prices by tariff; the first stands for tariffs that are not named
   */
  public record UnitCharge(
      int commodityScale, int priceScale, AttributeRef commodity, List<Price> prices) {
    public UnitCharge {
      prices = List.copyOf(prices);
    }

    DlmsData data() {
      return DlmsData.Structure.of(
          DlmsData.Structure.of(
              new DlmsData.Integer8(commodityScale), new DlmsData.Integer8(priceScale)),
          DlmsData.Structure.of(
              new DlmsData.LongUnsigned(commodity.classId()),
              DlmsData.OctetString.of(commodity.instance()),
              new DlmsData.Integer8(commodity.attribute())),
          DlmsData.Array.of(prices.stream().map(Price::data).toList()));
    }
  }

  private static final int LARGEST_SCALE = 12;
  private static final int MOST_PRICES = 64;
  private static final AttributeType SCALE = AttributeType.integer(-LARGEST_SCALE, LARGEST_SCALE);
  private static final AttributeType PRICES =
      AttributeType.array(
          AttributeType.structure(AttributeType.octets(0, 16), AttributeType.signed16()),
          MOST_PRICES);
  private static final AttributeType UNIT_CHARGE =
      AttributeType.structure(
          AttributeType.structure(SCALE, SCALE),
          AttributeType.structure(
              AttributeType.longUnsigned(),
              AttributeType.octets(6, 6),
              AttributeType.integer(-128, 127)),
          PRICES);
  private static final AttributeType AMOUNT = AttributeType.doubleLong();
  private static final int PERCENTAGE = 0;
  private static final int CONTINUOUS = 1;

  private final Ledger ledger;
  private final Type type;
  private final int priority;
  private final TypedAttribute active;
  private final TypedAttribute passive;
  private final TypedAttribute activation;
  private final TypedAttribute period;
  private final TypedAttribute configuration;
  private final TypedAttribute proportion;

  // guarded by the ledger's lock
  private long paid;
  private long remaining;
  private BigDecimal due = BigDecimal.ZERO;
  private Instant reached;
  private CosemDateTime lastTime = CosemDateTime.UNSPECIFIED;
  private long lastAmount;

  Charge(Ledger ledger, ObisCode logicalName, Type type, int priority, UnitCharge prices) {
    super(113, 0, logicalName, 13, 5);
    if (priority < 1 || priority > 255) {
      throw new IllegalArgumentException("priority is 1 to 255");
    }
    this.ledger = ledger;
    this.type = type;
    this.priority = priority;
    this.reached = ledger.now();
    attribute(2, () -> ledger.locked(() -> shown(paid)));
    attribute(3, () -> new DlmsData.Enumerated(type.code));
    attribute(4, () -> new DlmsData.Unsigned8(priority));
    this.active = new TypedAttribute(UNIT_CHARGE, prices.data());
    attribute(5, active::value);
    this.passive = stored(6, UNIT_CHARGE, prices.data());
    this.activation =
        stored(
            7, AttributeType.dateTimeOctets(), DlmsData.OctetString.of(CosemDateTime.UNSPECIFIED));
    this.period = stored(8, AttributeType.doubleLongUnsigned(), new DlmsData.DoubleLongUnsigned(0));
    // bit 0 a percentage of top-ups, bit 1 also where nothing remains
    this.configuration = stored(9, AttributeType.bits(2, 2), DlmsData.BitString.of(new byte[1], 2));
    attribute(10, () -> ledger.locked(() -> new DlmsData.DateTime(lastTime)));
    attribute(11, () -> ledger.locked(() -> shown(lastAmount)));
    attribute(12, () -> ledger.locked(() -> shown(remaining)));
    // in hundredths of a percent
    this.proportion =
        stored(13, AttributeType.longUnsigned(0, 10_000), new DlmsData.LongUnsigned(0));
    method(1, PRICES, this::updatePassive);
    method(2, () -> ledger.locked(this::activatePassive));
    method(3, this::collect);
    method(4, AMOUNT, d -> remains(((DlmsData.DoubleLong) d).value(), false));
    method(5, AMOUNT, d -> remains(((DlmsData.DoubleLong) d).value(), true));
  }

  private static DlmsData shown(long amount) {
    return new DlmsData.DoubleLong(Math.clamp(amount, Integer.MIN_VALUE, Integer.MAX_VALUE));
  }

  /** All that was ever collected; a client sees at most 2^31 - 1. */
  public long paid() {
    return ledger.locked(() -> paid);
  }

  /** What is still to be collected of a debt. */
  public long remaining() {
    return ledger.locked(() -> remaining);
  }

  // --- methods

  /** 1, update_unit_charge: prices of the passive unit charge, by their index. */
  private AccessResult updatePassive(DlmsData prices) {
    return ledger.locked(() -> {
      DlmsData.Structure unit = (DlmsData.Structure) passive.value();
      List<DlmsData> next = new ArrayList<>(((DlmsData.Array) unit.get(2)).elements());
      for (DlmsData price : ((DlmsData.Array) prices).elements()) {
        DlmsData index = ((DlmsData.Structure) price).get(0);
        next.removeIf(old -> ((DlmsData.Structure) old).get(0).equals(index));
        next.add(price);
      }
      return passive.set(DlmsData.Structure.of(unit.get(0), unit.get(1), DlmsData.Array.of(next)));
    });
  }

  /** 2, activate_passive_unit_charge. */
  private AccessResult activatePassive() {
    return active.set(passive.value());
  }

  /** 3, collect: what is due by consumption, or a period's or top-up's amount at once. */
  private AccessResult collect() {
    return ledger.locked(() -> {
      if (!ledger.collects(this)) {
        return AccessResult.TEMPORARY_FAILURE;
      }
      if (type != Type.CONSUMPTION) {
        due = due.add(price(DlmsData.OctetString.of(), BigDecimal.ONE));
      }
      take();
      ledger.settle();
      return AccessResult.SUCCESS;
    });
  }

  /** 4, update_total_amount_remaining, and 5, set_total_amount_remaining: never below 0. */
  private AccessResult remains(int value, boolean absolute) {
    return ledger.locked(() -> {
      long next = absolute ? value : remaining + value;
      if (next < 0 || next > Integer.MAX_VALUE) {
        return AttributeType.OUT_OF_RANGE;
      }
      remaining = next;
      return AccessResult.SUCCESS;
    });
  }

  // --- for the ledger, which holds the lock

  Type type() {
    return type;
  }

  int priority() {
    return priority;
  }

  long debt() {
    return remaining;
  }

  private boolean is(int bit) {
    return ((DlmsData.BitString) configuration.value()).bit(bit);
  }

  /** What so many units of the commodity cost, in the currency's scale. */
  private BigDecimal price(DlmsData.OctetString tariff, BigDecimal units) {
    DlmsData.Structure unit = (DlmsData.Structure) active.value();
    DlmsData.Structure scales = (DlmsData.Structure) unit.get(0);
    List<DlmsData> prices = ((DlmsData.Array) unit.get(2)).elements();
    if (prices.isEmpty()) {
      return BigDecimal.ZERO;
    }
    DlmsData price =
        prices.stream()
            .filter(p -> ((DlmsData.Structure) p).get(0).equals(tariff))
            .findFirst()
            .orElse(prices.getFirst());
    int each = ((DlmsData.Long16) ((DlmsData.Structure) price).get(1)).value();
    int commodity = type == Type.CONSUMPTION ? ((DlmsData.Integer8) scales.get(0)).value() : 0;
    int exponent = ((DlmsData.Integer8) scales.get(1)).value() - commodity - ledger.scale();
    return units.multiply(BigDecimal.valueOf(each)).scaleByPowerOfTen(exponent);
  }

  void consumed(long quantity, DlmsData.OctetString tariff) {
    due = due.add(price(tariff, BigDecimal.valueOf(quantity)));
    take();
  }

  void begin() {
    reached = ledger.now();
  }

  /**
   * Collects the periods that have passed; none are made up for while it may not collect. A clock
   * that goes back collects none of them again.
   */
  void time(Instant now) {
    activate(now);
    long seconds = period.number();
    if (now.isBefore(reached)) {
      return;
    }
    if (type != Type.TIME || seconds == 0) {
      reached = now;
      return;
    }
    long periods = Duration.between(reached, now).toSeconds() / seconds;
    reached = reached.plusSeconds(periods * seconds);
    if (periods > 0 && ledger.collects(this)) {
      due = due.add(price(DlmsData.OctetString.of(), BigDecimal.valueOf(periods)));
      take();
    }
  }

  private void activate(Instant now) {
    ledger
        .instant(activation)
        .filter(at -> !at.isAfter(now))
        .ifPresent(_ -> {
          active.put(passive.value());
          activation.put(DlmsData.OctetString.of(CosemDateTime.UNSPECIFIED));
        });
  }

  /** Its share of a top-up, at most what is given. */
  long share(long payment, long most) {
    BigDecimal share =
        is(PERCENTAGE)
            ? BigDecimal.valueOf(payment * proportion.number() / 10_000)
            : price(DlmsData.OctetString.of(), BigDecimal.ONE);
    long whole = share.setScale(0, RoundingMode.FLOOR).min(BigDecimal.valueOf(most)).longValue();
    return Math.max(0, Math.min(whole, is(CONTINUOUS) ? whole : remaining));
  }

  /** Books what was taken from a top-up. */
  void got(long amount) {
    paid += amount;
    remaining -= Math.clamp(amount, 0, remaining);
    lastAmount = amount;
    lastTime = ledger.dateTime();
  }

  /** Takes the whole units of what is due from the credits; negative prices give. */
  private void take() {
    boolean debt = type == Type.TIME && !is(CONTINUOUS);
    BigDecimal whole = due.setScale(0, RoundingMode.FLOOR);
    if (debt && whole.compareTo(BigDecimal.valueOf(remaining)) > 0) {
      whole = BigDecimal.valueOf(remaining);
      due = whole; // beyond the debt nothing is due
    }
    long wanted =
        whole
            .max(BigDecimal.valueOf(Integer.MIN_VALUE))
            .min(BigDecimal.valueOf(Integer.MAX_VALUE))
            .longValue();
    long taken = ledger.debit(this, wanted);
    due = due.subtract(BigDecimal.valueOf(taken));
    if (taken != 0) {
      got(taken);
    }
  }

  void empty() {
    paid = 0;
    remaining = 0;
    due = BigDecimal.ZERO;
    reached = ledger.now();
    lastAmount = 0;
    lastTime = CosemDateTime.UNSPECIFIED;
  }
}
