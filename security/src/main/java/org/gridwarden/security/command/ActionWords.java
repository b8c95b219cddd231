package org.gridwarden.security.command;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.gridwarden.core.Action;

/** What a command does to whom, in one plain sentence. Pure functions. */
public final class ActionWords {
  private static final int MICRO = 6;

  private ActionWords() {}

  /**
   * The sentence.
   *
   * @param meter the meter's id
   */
  public static String of(Action action, String meter) {
    return switch (action) {
      case Action.Disconnect _ ->
          "Disconnects "
              + meter
              + ": its consumer has no power until the meter is connected again.";
      case Action.Connect _ ->
          "Connects "
              + meter
              + ": power comes back at once, or, where its control mode wants it, once the consumer"
              + " closes the breaker by hand.";
      case Action.Arm _ ->
          "Arms "
              + meter
              + ": its consumer may close the breaker by hand, and has no power before.";
      case Action.LimitLoad a ->
          "Limits " + meter + " to " + a.watts() + " W for " + words(a.lasting()) + ".";
      case Action.SetPrice a ->
          "Sets the price at "
              + meter
              + " to "
              + plain(a.microPerKilowattHour())
              + " "
              + a.currency()
              + " a kWh from "
              + a.from()
              + " on.";
      case Action.SetTariff a ->
          "Gives " + meter + " the tariff calendar " + a.calendar() + " from " + a.from() + " on.";
      case Action.SetClock _ -> "Sets the clock of " + meter + " to the office's time.";
      case Action.ChangeKeys a ->
          "Gives "
              + meter
              + (a.keys().isEmpty() ? " new keys" : " a new " + keys(a))
              + "; the old ones are kept until it confirms them.";
      case Action.UpdateFirmware a ->
          "Gives " + meter + " firmware " + a.version() + ", after which it starts anew.";
      case Action.Configure a ->
          "Sets attribute "
              + a.attribute()
              + " of "
              + meter
              + " to "
              + a.value().length
              + " bytes.";
      case Action.Read _ -> "Reads the registers of " + meter + "; nothing is changed.";
    };
  }

  private static String keys(Action.ChangeKeys change) {
    return change.keys().stream()
        .map(key -> KeyWords.of(key.purpose()) + " key " + KeyWords.shortId(key.keyId()))
        .collect(java.util.stream.Collectors.joining(" and a new "));
  }

  /** Millionths as a decimal number: 287100 is 0.2871. */
  public static String plain(long micro) {
    BigDecimal value = BigDecimal.valueOf(micro, MICRO).stripTrailingZeros();
    return value.scale() < 0 ? value.setScale(0).toPlainString() : value.toPlainString();
  }

  /** 2 days 3 h 4 min 5 s, without what is nought. */
  private static String words(Duration duration) {
    List<String> parts = new ArrayList<>();
    part(parts, duration.toDays(), "days");
    part(parts, duration.toHoursPart(), "h");
    part(parts, duration.toMinutesPart(), "min");
    part(parts, duration.toSecondsPart(), "s");
    return String.join(" ", parts);
  }

  private static void part(List<String> parts, long number, String unit) {
    if (number != 0) {
      parts.add(number + " " + unit);
    }
  }
}
