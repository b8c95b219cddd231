package org.gridwarden.server;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.gridwarden.core.Action;
import org.jspecify.annotations.Nullable;

/** Actions of the parameters that the API is given. Pure functions. */
final class ActionForm {
  private static final int MICRO = 6;

  private ActionForm() {}

  /**
   * The action of a word and its parameters.
   *
   * @throws FaultException MALFORMED, naming the parameter
   */
  static Action action(String word, Map<String, @Nullable Object> parameters) {
    Form form = new Form(parameters);
    try {
      Action action = read(word, form);
      form.nothingElse(word);
      return action;
    } catch (IllegalArgumentException e) {
      throw Requests.wrong("parameters", String.valueOf(e.getMessage()));
    }
  }

  private static Action read(String word, Form form) {
    return switch (word) {
      case "disconnect" -> new Action.Disconnect();
      case "connect" -> new Action.Connect();
      case "arm" -> new Action.Arm();
      case "set-clock" -> new Action.SetClock();
      case "change-keys" -> new Action.ChangeKeys(List.of());
      case "read" -> new Action.Read();
      case "limit-load" -> new Action.LimitLoad(form.whole("watts"), form.duration("lasting"));
      case "set-price" ->
          new Action.SetPrice(form.micro("price"), form.text("currency"), form.instant("from"));
      case "set-tariff" ->
          new Action.SetTariff(form.text("calendar"), form.base64("content"), form.instant("from"));
      case "update-firmware" -> new Action.UpdateFirmware(form.text("version"), form.hex("sha256"));
      case "configure" -> new Action.Configure(form.text("attribute"), form.base64("value"));
      default ->
          throw Requests.wrong(
              "action",
              "is disconnect, connect, arm, limit-load, set-price, set-tariff, set-clock,"
                  + " change-keys, update-firmware, configure or read");
    };
  }

  /** Parameters that are taken one by one. */
  private static final class Form {
    private final Map<String, @Nullable Object> given;
    private final Set<String> taken = new HashSet<>();

    Form(Map<String, @Nullable Object> given) {
      this.given = given;
    }

    String text(String name) {
      taken.add(name);
      Object value = given.get(name);
      if (value == null || value.toString().isBlank()) {
        throw wrong(name, "is missing");
      }
      return value.toString().strip();
    }

    long whole(String name) {
      try {
        return new BigDecimal(number(name)).longValueExact();
      } catch (ArithmeticException | NumberFormatException e) {
        throw wrong(name, "is a whole number");
      }
    }

    long micro(String name) {
      try {
        return new BigDecimal(number(name)).movePointRight(MICRO).longValueExact();
      } catch (ArithmeticException | NumberFormatException e) {
        throw wrong(name, "is a decimal number with at most six places, such as 0.2871");
      }
    }

    /** A number in so few characters that nothing great is made of it. */
    private String number(String name) {
      String text = text(name);
      if (!text.matches("-?[0-9]{1,15}(\\.[0-9]{1,15})?")) {
        throw wrong(name, "is a number, such as 2300 or 0.2871");
      }
      return text;
    }

    Duration duration(String name) {
      try {
        return Duration.parse(text(name));
      } catch (DateTimeException e) {
        throw wrong(name, "is a duration such as PT2H or P1D");
      }
    }

    Instant instant(String name) {
      return Requests.instant("parameters." + name, text(name));
    }

    byte[] base64(String name) {
      try {
        return Base64.getDecoder().decode(text(name));
      } catch (IllegalArgumentException e) {
        throw wrong(name, "is base64");
      }
    }

    byte[] hex(String name) {
      try {
        return HexFormat.of().parseHex(text(name));
      } catch (IllegalArgumentException e) {
        throw wrong(name, "is hexadecimal digits");
      }
    }

    void nothingElse(String word) {
      for (String name : given.keySet()) {
        if (!taken.contains(name)) {
          throw Requests.wrong(
              "parameters",
              "of "
                  + word
                  + (taken.isEmpty()
                      ? " are none"
                      : " are " + String.join(", ", taken.stream().sorted().toList())));
        }
      }
    }

    private static FaultException wrong(String name, String what) {
      return Requests.wrong("parameters." + name, what);
    }
  }
}
