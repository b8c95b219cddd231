package org.gridwarden.channel.zigbee;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import org.gridwarden.core.Action;
import org.gridwarden.core.CommandState;

/** ChangeSupply of the Metering cluster, and what a meter answers. Pure functions. */
final class SupplyChange {
  static final int COMMAND = 0x0B;
  static final int STATUS = 0x0C;

  /** The attribute that says how the supply stands. */
  static final int ATTRIBUTE = 0x0014;

  private static final int OFF = 0;
  private static final int ARMED = 1;
  private static final int ON = 2;
  private static final int ACKNOWLEDGED = 1;

  private SupplyChange() {}

  /** How the supply is to stand; empty where an action is about something else. */
  static OptionalInt wanted(Action action) {
    return switch (action) {
      case Action.Disconnect _ -> OptionalInt.of(OFF);
      case Action.Arm _ -> OptionalInt.of(ARMED);
      case Action.Connect _ -> OptionalInt.of(ON);
      default -> OptionalInt.empty();
    };
  }

  /**
   * The payload (07-5356-19, D.3.2.3.1): at once, and to be acknowledged.
   *
   * @param event a later one has a greater number
   */
  static byte[] bytes(long event, Instant now, int wanted) {
    return new Zcl.Out()
        .number(4, 0) // provider
        .number(4, event)
        .number(4, SmartEnergyTime.seconds(now))
        .number(4, 0) // now
        .number(1, wanted)
        .number(1, ACKNOWLEDGED)
        .done();
  }

  /** How the supply stands by a SupplyStatusResponse; empty where it answers something else. */
  static OptionalInt status(Zcl answer, long event) {
    byte[] all = answer.payload();
    return answer.cluster()
            && answer.command() == STATUS
            && all.length == 13
            && Zcl.number(all, 4, 4) == event
        ? OptionalInt.of(all[12] & 0xFF)
        : OptionalInt.empty();
  }

  /** What became of an action, by how the supply stands; empty where it was not done. */
  static Optional<CommandState> outcome(Action action, int stands) {
    return switch (action) {
      case Action.Disconnect _ ->
          stands == OFF ? Optional.of(CommandState.CONFIRMED) : Optional.empty();
      case Action.Connect _, Action.Arm _ ->
          stands == ON
              ? Optional.of(CommandState.CONFIRMED)
              : stands == ARMED ? Optional.of(CommandState.READY) : Optional.empty();
      default -> Optional.empty();
    };
  }
}
