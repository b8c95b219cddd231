package org.gridwarden.security.command;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.gridwarden.core.Action;
import org.gridwarden.core.KeyAccess;

/** An action's parameters as bytes and back: a CBOR array for each word. Pure functions. */
public final class ActionCodec {
  private ActionCodec() {}

  /** An action's parameters. */
  public static byte[] parameters(Action action) {
    return Cbor.write(out -> {
      switch (action) {
        case Action.LimitLoad a -> {
          out.writeStartArray(null, 2);
          out.writeNumber(a.watts());
          out.writeNumber(a.lasting().toSeconds());
        }
        case Action.SetPrice a -> {
          out.writeStartArray(null, 3);
          out.writeNumber(a.microPerKilowattHour());
          out.writeString(a.currency());
          out.writeNumber(a.from().getEpochSecond());
        }
        case Action.SetTariff a -> {
          out.writeStartArray(null, 3);
          out.writeString(a.calendar());
          out.writeBinary(a.content());
          out.writeNumber(a.from().getEpochSecond());
        }
        case Action.UpdateFirmware a -> {
          out.writeStartArray(null, 2);
          out.writeString(a.version());
          out.writeBinary(a.sha256());
        }
        case Action.Configure a -> {
          out.writeStartArray(null, 2);
          out.writeString(a.attribute());
          out.writeBinary(a.value());
        }
        case Action.ChangeKeys a -> {
          out.writeStartArray(null, a.keys().size() * 4);
          for (Action.NewKey key : a.keys()) {
            out.writeString(key.purpose().name());
            out.writeBinary(key.keyId());
            out.writeBinary(key.encryption());
            out.writeBinary(key.authentication());
          }
        }
        case Action.Disconnect _,
            Action.Connect _,
            Action.Arm _,
            Action.SetClock _,
            Action.Read _ ->
            out.writeStartArray(null, 0);
      }
      out.writeEndArray();
    });
  }

  /**
   * The action that a word and its parameters are.
   *
   * @throws CommandException where the vocabulary has no such word, or it takes other parameters
   */
  public static Action action(String word, byte[] parameters) throws CommandException {
    try {
      return Cbor.read(
          parameters,
          in -> {
            in.array();
            if (word.equals("change-keys")) {
              return new Action.ChangeKeys(keys(in));
            }
            Action action = read(word, in);
            in.end();
            return action;
          });
    } catch (IllegalArgumentException | ArithmeticException | java.time.DateTimeException e) {
      throw new CommandException(word + ": " + e.getMessage());
    }
  }

  /** As many as there are, to the array's end. */
  private static List<Action.NewKey> keys(Cbor.Reader in) throws CommandException {
    List<Action.NewKey> keys = new ArrayList<>();
    for (Optional<String> purpose = in.textOrEnd("what a key is for", 32);
        purpose.isPresent();
        purpose = in.textOrEnd("what a key is for", 32)) {
      if (keys.size() == Action.ChangeKeys.MOST) {
        throw new CommandException("at most " + Action.ChangeKeys.MOST + " keys change at once");
      }
      keys.add(
          new Action.NewKey(
              KeyAccess.Purpose.valueOf(purpose.get()),
              in.bytes("the key's id"),
              in.bytes("the wrapped key"),
              in.bytes("the wrapped authentication key")));
    }
    return keys;
  }

  private static Action read(String word, Cbor.Reader in) throws CommandException {
    return switch (word) {
      case "disconnect" -> new Action.Disconnect();
      case "connect" -> new Action.Connect();
      case "arm" -> new Action.Arm();
      case "set-clock" -> new Action.SetClock();
      case "read" -> new Action.Read();
      case "limit-load" ->
          new Action.LimitLoad(
              in.number("the limit"), Duration.ofSeconds(in.number("how long it lasts")));
      case "set-price" ->
          new Action.SetPrice(
              in.number("the price"),
              in.text("the currency", 3),
              Instant.ofEpochSecond(in.number("from when on")));
      case "set-tariff" ->
          new Action.SetTariff(
              in.text("the calendar's name", 128),
              in.bytes("the calendar"),
              Instant.ofEpochSecond(in.number("from when on")));
      case "update-firmware" ->
          new Action.UpdateFirmware(in.text("the version", 256), in.bytes("the hash"));
      case "configure" -> new Action.Configure(in.text("the attribute", 64), in.bytes("the value"));
      default -> throw new CommandException("there is no command '" + word + "'");
    };
  }
}
