package org.gridwarden.message.senml;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import org.gridwarden.cosem.ScaledValue;
import org.gridwarden.cosem.Unit;
import org.gridwarden.message.MessageException;

/**
 * An exact number, {@code mantissa * 10^exponent}: CBOR's decimal fraction (RFC 8949, clause
 * 3.4.4), and JSON's number as it is written. Never a float, and never cut short: 230.10 is not
 * 230.1.
 *
 * @param mantissa the digits
 * @param exponent -128 to 127
 */
public record Decimal(long mantissa, int exponent) {
  private static final int NANOS = -9;
  private static final int MILLIS = -3;

  /**
   * @throws IllegalArgumentException where the exponent is out of its range
   */
  public Decimal {
    if (exponent < -128 || exponent > 127) {
      throw new IllegalArgumentException("an exponent is -128 to 127, not " + exponent);
    }
  }

  /** A whole number. */
  public static Decimal of(long whole) {
    return new Decimal(whole, 0);
  }

  /** A quantity without its unit. */
  static Decimal of(ScaledValue value) {
    return new Decimal(value.raw(), value.scaler());
  }

  /** A moment in seconds since 1970, as fine as it is and no finer. */
  static Decimal of(Instant at) {
    long seconds = at.getEpochSecond();
    int nanos = at.getNano();
    try {
      return nanos == 0
          ? of(seconds)
          : nanos % 1_000_000 == 0
              ? new Decimal(at.toEpochMilli(), MILLIS)
              : new Decimal(
                  Math.addExact(Math.multiplyExact(seconds, 1_000_000_000L), nanos), NANOS);
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(at + " is too far away to be told to the nanosecond", e);
    }
  }

  /**
   * An exact decimal.
   *
   * @throws MessageException where it has more digits than a long, or is far too great or small
   */
  static Decimal of(BigDecimal number) throws MessageException {
    BigInteger digits = number.unscaledValue();
    int exponent = -number.scale();
    if (digits.bitLength() > 63 || exponent < -128 || exponent > 127) {
      throw MessageException.malformed("a number is too long, too great or too small");
    }
    return new Decimal(digits.longValue(), exponent);
  }

  /** The sum, exact. */
  Decimal plus(Decimal other) throws MessageException {
    return mantissa == 0 && exponent == 0
        ? other
        : other.mantissa == 0 && other.exponent == 0 ? this : of(big().add(other.big()));
  }

  /** The same as a quantity. */
  ScaledValue in(Unit unit, int shift) throws MessageException {
    int scaler = exponent + shift;
    if (scaler < -128 || scaler > 127) {
      throw MessageException.malformed("a number is too great or too small for its unit");
    }
    return new ScaledValue(mantissa, scaler, unit);
  }

  /**
   * As a whole number.
   *
   * @throws MessageException where it is none from {@code least} to {@code most}
   */
  long whole(String what, long least, long most) throws MessageException {
    if (exponent != 0 || mantissa < least || mantissa > most) {
      throw MessageException.malformed(what + " is a whole number from " + least + " to " + most);
    }
    return mantissa;
  }

  /**
   * As a moment.
   *
   * @throws MessageException where it is finer than a nanosecond, or no date
   */
  Instant instant() throws MessageException {
    try {
      if (exponent == 0) {
        return Instant.ofEpochSecond(mantissa);
      }
      BigDecimal nanos = big().movePointRight(-NANOS);
      BigInteger[] parts =
          nanos.toBigIntegerExact().divideAndRemainder(BigInteger.valueOf(1_000_000_000L));
      return Instant.ofEpochSecond(parts[0].longValueExact(), parts[1].longValueExact());
    } catch (ArithmeticException | DateTimeException e) {
      throw MessageException.malformed("a time is no date, or finer than a nanosecond");
    }
  }

  private BigDecimal big() {
    return new BigDecimal(BigInteger.valueOf(mantissa), -exponent);
  }

  /** As JSON writes it. */
  String json() {
    return exponent == 0 ? Long.toString(mantissa) : mantissa + "e" + exponent;
  }
}
