package org.gridwarden.security.command;

import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.gridwarden.core.Action;

/** Actions' parameters by name, as the API and people have them. Pure functions. */
public final class ActionFields {
  private ActionFields() {}

  /** An action's parameters by name: numbers and texts, bytes as base64, a hash as hexadecimal. */
  public static Map<String, Object> of(Action action) {
    Map<String, Object> named = new LinkedHashMap<>();
    switch (action) {
      case Action.LimitLoad a -> {
        named.put("watts", a.watts());
        named.put("lasting", a.lasting().toString());
      }
      case Action.SetPrice a -> {
        named.put("price", ActionWords.plain(a.microPerKilowattHour()));
        named.put("currency", a.currency());
        named.put("from", a.from().toString());
      }
      case Action.SetTariff a -> {
        named.put("calendar", a.calendar());
        named.put("content", Base64.getEncoder().encodeToString(a.content()));
        named.put("from", a.from().toString());
      }
      case Action.UpdateFirmware a -> {
        named.put("version", a.version());
        named.put("sha256", HexFormat.of().formatHex(a.sha256()));
      }
      case Action.Configure a -> {
        named.put("attribute", a.attribute());
        named.put("value", Base64.getEncoder().encodeToString(a.value()));
      }
      case Action.ChangeKeys a -> {
        if (!a.keys().isEmpty()) {
          named.put("keys", a.keys().stream().map(ActionFields::of).toList());
        }
      }
      case Action.Disconnect _,
          Action.Connect _,
          Action.Arm _,
          Action.SetClock _,
          Action.Read _ -> {}
    }
    return named;
  }

  /** Which key, and nothing of it, not wrapped either. */
  private static Map<String, Object> of(Action.NewKey key) {
    Map<String, Object> named = new LinkedHashMap<>();
    named.put("purpose", KeyWords.of(key.purpose()));
    named.put("id", HexFormat.of().formatHex(key.keyId()));
    return named;
  }
}
