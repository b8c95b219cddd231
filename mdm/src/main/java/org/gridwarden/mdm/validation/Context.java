package org.gridwarden.mdm.validation;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.gridwarden.cosem.Unit;

/**
 * What validation and estimation may know of a meter besides its curve. Whatever is absent, the
 * rules and methods that need it are not run. Immutable.
 *
 * @param history how it usually behaves; empty: each day is held against the curve's other days
 * @param expected the unit that its class measures in; empty: any
 * @param duplicates second values that came for a slot
 * @param registers its energy register's readings, in order of time
 * @param registerCapacity where the register rolls over, in kWh; 0 where not known
 * @param registerUnit the register's smallest step in kWh
 * @param sibling a curve on the same timeline that runs alike: a neighbour, another phase
 * @param checkMeter a second meter on the same point
 * @param feeder the feeder's curve that supplies this and other meters
 * @param reactive the same meter's reactive energy
 * @param outages when the meter had no power
 * @param clockSeconds by how much its clock is off; 0 where right or not known
 */
public record Context(
    Optional<History> history,
    Optional<Unit> expected,
    List<Duplicate> duplicates,
    List<Register> registers,
    double registerCapacity,
    double registerUnit,
    Optional<Curve> sibling,
    Optional<Curve> checkMeter,
    Optional<Curve> feeder,
    Optional<Curve> reactive,
    List<Outage> outages,
    double clockSeconds) {

  /** Nothing but the curve itself. */
  public static final Context NONE =
      new Context(
          Optional.empty(),
          Optional.empty(),
          List.of(),
          List.of(),
          0,
          0.001,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          List.of(),
          0);

  /** Copies the lists. */
  public Context {
    duplicates = List.copyOf(duplicates);
    registers = List.copyOf(registers);
    outages = List.copyOf(outages);
  }

  /**
   * A second value for a slot that differs from the first; the first stands.
   *
   * @param slot which
   * @param second the value that came later, as the curve's values are
   */
  public record Duplicate(int slot, long second) {}

  /**
   * A register's reading.
   *
   * @param at when
   * @param kwh what it showed
   */
  public record Register(Instant at, double kwh) {}

  /**
   * A stretch without power.
   *
   * @param from when it went
   * @param to when it came back
   */
  public record Outage(Instant from, Instant to) {}

  /** With a history. */
  public Context with(History known) {
    return new Context(
        Optional.of(known),
        expected,
        duplicates,
        registers,
        registerCapacity,
        registerUnit,
        sibling,
        checkMeter,
        feeder,
        reactive,
        outages,
        clockSeconds);
  }

  /** With second values that came. */
  public Context withDuplicates(List<Duplicate> came) {
    return new Context(
        history,
        expected,
        came,
        registers,
        registerCapacity,
        registerUnit,
        sibling,
        checkMeter,
        feeder,
        reactive,
        outages,
        clockSeconds);
  }

  /**
   * With register readings.
   *
   * @param capacity where the register rolls over, in kWh; 0 where not known
   */
  public Context withRegisters(List<Register> readings, double capacity, double unit) {
    return new Context(
        history,
        expected,
        duplicates,
        readings,
        capacity,
        unit,
        sibling,
        checkMeter,
        feeder,
        reactive,
        outages,
        clockSeconds);
  }

  /** With outages. */
  public Context withOutages(List<Outage> known) {
    return new Context(
        history,
        expected,
        duplicates,
        registers,
        registerCapacity,
        registerUnit,
        sibling,
        checkMeter,
        feeder,
        reactive,
        known,
        clockSeconds);
  }

  /** With the clock's offset and the expected unit. */
  public Context withClockAndUnit(double seconds, Optional<Unit> unit) {
    return new Context(
        history,
        unit,
        duplicates,
        registers,
        registerCapacity,
        registerUnit,
        sibling,
        checkMeter,
        feeder,
        reactive,
        outages,
        seconds);
  }

  /** With other curves of the same timeline. */
  public Context withCurves(
      Optional<Curve> itsSibling,
      Optional<Curve> itsCheckMeter,
      Optional<Curve> itsFeeder,
      Optional<Curve> itsReactive) {
    return new Context(
        history,
        expected,
        duplicates,
        registers,
        registerCapacity,
        registerUnit,
        itsSibling,
        itsCheckMeter,
        itsFeeder,
        itsReactive,
        outages,
        clockSeconds);
  }
}
