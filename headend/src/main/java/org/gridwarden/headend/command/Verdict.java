package org.gridwarden.headend.command;

import org.gridwarden.core.Action;
import org.gridwarden.core.Meter;
import org.gridwarden.core.Signing;
import org.gridwarden.security.thirdparty.StandardRequest;

/** What the policy says of a command. */
sealed interface Verdict {
  /** It may go out. */
  record Release() implements Verdict {}

  /** A second person is to look at it. */
  record Quarantine(String why) implements Verdict {}

  /** It does not go out, whoever asks. */
  record Refuse(String why) implements Verdict {}

  /** Holds a command against the policy. A pure function. */
  static Verdict of(Action action, CommandPolicy policy, Facts facts) {
    if (facts.meterState() != Meter.State.ACTIVE) {
      return new Refuse(
          "the meter is " + facts.meterState().name().toLowerCase(java.util.Locale.ROOT));
    }
    if (facts.signing() == Signing.DLMS && !StandardRequest.does(action)) {
      return new Refuse(
          "the meter has the operator's signature checked as "
              + facts.signing().words()
              + ", and no single request of DLMS does '"
              + action.word()
              + "'");
    }
    if (switchesOff(action) && facts.protection().isPresent()) {
      return new Refuse("the consumer is protected: " + facts.protection().get());
    }
    if (policy.fourEyes().contains(action.word())) {
      return new Quarantine(action.word() + " always needs a second person");
    }
    if (action instanceof Action.SetPrice price
        && (price.microPerKilowattHour() < policy.lowestPrice()
            || price.microPerKilowattHour() > policy.highestPrice())) {
      return new Quarantine("the price is outside its bounds");
    }
    if (switches(action)) {
      if (facts.inWindow() >= policy.perWindow()) {
        return new Quarantine(
            policy.perWindow() + " switching commands were let through in " + policy.window());
      }
      if (facts.ofFeeder() >= policy.perFeeder()) {
        return new Quarantine(
            policy.perFeeder()
                + " switching commands of this feeder were let through in "
                + policy.window());
      }
      if (facts.ofUser() >= policy.perUser()) {
        return new Quarantine(
            policy.perUser()
                + " switching commands of this operator were let through in "
                + policy.window());
      }
    }
    return new Release();
  }

  /** Whether it counts in the windows: what many of together are a step in the grid. */
  static boolean switches(Action action) {
    return switch (action) {
      case Action.Disconnect _, Action.Connect _, Action.Arm _, Action.LimitLoad _ -> true;
      case Action.SetPrice _,
          Action.SetTariff _,
          Action.SetClock _,
          Action.ChangeKeys _,
          Action.UpdateFirmware _,
          Action.Configure _,
          Action.Read _ ->
          false;
    };
  }

  /** Whether it takes power away from a consumer. */
  static boolean switchesOff(Action action) {
    return action instanceof Action.Disconnect
        || action instanceof Action.LimitLoad
        || action instanceof Action.Configure configure && switchesAnOutletOff(configure);
  }

  /** The output state (attribute 2) of any disconnect control (class 70), unless it is to be on. */
  private static boolean switchesAnOutletOff(Action.Configure configure) {
    byte[] value = configure.value();
    boolean on = value.length == 2 && value[0] == 0x03 && value[1] != 0;
    return configure.attribute().endsWith(":70:2") && !on;
  }
}
