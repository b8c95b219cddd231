package org.gridwarden.dlms.companion;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.Unit;
import org.gridwarden.dlms.AttributeRef;
import org.gridwarden.dlms.BufferReader.Column;
import org.gridwarden.dlms.MeterProfile;
import org.gridwarden.dlms.PushLayouts;
import org.gridwarden.dlms.Scaling;
import org.gridwarden.dlms.YamlMap;

/** Reads companion files; every error names file, place and remedy. */
final class CompanionFile {
  private static final int MOST = 256;
  private static final int MOST_WATCHED = 32;

  private CompanionFile() {}

  /**
   * @param layouts where meter profiles are found by their names
   * @throws IllegalArgumentException where the file is wrong
   */
  static Companion read(String file, String text, PushLayouts layouts) {
    YamlMap map = YamlMap.parse(file, text);
    map.allow(
        Set.of(
            "companion",
            "about",
            "source",
            "profile",
            "vocabulary",
            "device",
            "clients",
            "reader",
            "signed",
            "counter",
            "clock",
            "name",
            "firmware",
            "disconnect",
            "security",
            "billing",
            "profiles",
            "events",
            "configuration",
            "calibration",
            "associations"));
    String named = map.text("profile");
    MeterProfile meanings =
        layouts
            .profile(named)
            .orElseThrow(() ->
                map.error(
                    "there is no profile '" + named + "'; there are " + layouts.profileNames()));
    List<Client> clients = list(map, "clients").stream().map(CompanionFile::client).toList();
    String reader = map.text("reader");
    if (clients.stream().noneMatch(c -> c.name().equals(reader))) {
      throw map.error("'reader' is '" + reader + "', which is none of the clients");
    }
    return new Companion(
        map.text("companion"),
        map.text("about"),
        map.text("source"),
        meanings,
        map.optionalText("vocabulary").orElse("idis"),
        within(map, "device", map.number("device", 1), 1, 0xFFFF),
        clients,
        reader,
        signed(map, clients),
        optionalObject(map, "counter"),
        clock(map),
        object(map, "name"),
        object(map, "firmware"),
        optionalObject(map, "disconnect"),
        optionalObject(map, "security"),
        map.texts("billing").stream().map(code -> obis(map, code)).toList(),
        list(map, "profiles").stream().map(CompanionFile::profile).toList(),
        list(map, "events").stream().map(CompanionFile::log).toList(),
        watched(map, "configuration"),
        watched(map, "calibration"),
        associations(map));
  }

  private static Optional<Client> signed(YamlMap map, List<Client> clients) {
    Optional<String> named = map.optionalText("signed");
    if (named.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        clients.stream()
            .filter(c -> c.name().equals(named.get()) && c.level() == Client.Level.GMAC)
            .findFirst()
            .orElseThrow(() ->
                map.error(
                    "'signed' is '" + named.get() + "', which is none of the clients with gmac")));
  }

  private static List<ObisCode> associations(YamlMap map) {
    List<String> names = map.texts("associations");
    if (names.size() > MOST_WATCHED) {
      throw map.error("'associations' has at most " + MOST_WATCHED + " objects");
    }
    return names.stream().map(code -> obis(map, code)).toList();
  }

  private static List<YamlMap> list(YamlMap map, String key) {
    List<YamlMap> list = map.maps(key);
    if (list.size() > MOST) {
      throw map.error("'" + key + "' has at most " + MOST + " entries");
    }
    return list;
  }

  private static Client client(YamlMap map) {
    map.allow(Set.of("name", "number", "level"));
    return new Client(
        map.text("name"),
        within(map, "number", map.number("number", -1), 1, 0xFFFF),
        word(map, "level", Client.Level.class));
  }

  private static ClockObject clock(YamlMap map) {
    YamlMap clock = map.map("clock").orElseThrow(() -> map.error("'clock' is missing"));
    clock.allow(Set.of("object", "correction"));
    return new ClockObject(
        object(clock, "object"), word(clock, "correction", ClockObject.Correction.class));
  }

  private static LoadProfile profile(YamlMap map) {
    map.allow(Set.of("object", "about", "period", "kept", "columns", "asks"));
    List<Column> columns = new ArrayList<>();
    for (YamlMap column : list(map, "columns")) {
      columns.add(column(column));
    }
    if (columns.isEmpty() || !columns.getFirst().isClock()) {
      throw map.error("'columns' begins with the clock, {class: 8, object: 0.0.1.0.0.255}");
    }
    boolean asks =
        switch (map.optionalText("asks").orElse("true")) {
          case "true" -> true;
          case "false" -> false;
          default -> throw map.error("'asks' is true or false");
        };
    return new LoadProfile(
        object(map, "object"),
        map.optionalText("about").orElse(""),
        Duration.ofSeconds(within(map, "period", map.number("period", -1), 1, 31 * 86_400)),
        Duration.ofDays(within(map, "kept", map.number("kept", -1), 1, 3_660)),
        columns,
        asks);
  }

  private static Column column(YamlMap map) {
    map.allow(Set.of("class", "object", "attribute", "scaler", "unit"));
    Scaling scaling = Scaling.NONE;
    if (map.has("unit") || map.has("scaler")) {
      int scaler = within(map, "scaler", map.number("scaler", 0), -128, 127);
      scaling = Scaling.of(scaler, unit(map, map.text("unit")));
    }
    return new Column(
        within(map, "class", map.number("class", -1), 1, 0xFFFF),
        object(map, "object"),
        within(map, "attribute", map.number("attribute", 2), 1, 127),
        scaling);
  }

  private static Unit unit(YamlMap map, String symbol) {
    for (Unit unit : Unit.values()) {
      if (unit.symbol().equals(symbol)) {
        return unit;
      }
    }
    throw map.error("'" + symbol + "' is no unit's symbol");
  }

  private static EventLog log(YamlMap map) {
    map.allow(Set.of("object", "code"));
    return new EventLog(object(map, "object"), object(map, "code"));
  }

  /** Attributes that are read each day: few, since a meter's link bears other things, too. */
  private static List<AttributeRef> watched(YamlMap map, String key) {
    List<String> names = map.texts(key);
    if (names.size() > MOST_WATCHED) {
      throw map.error("'" + key + "' has at most " + MOST_WATCHED + " attributes");
    }
    return names.stream().map(name -> watched(map, key, name)).toList();
  }

  private static AttributeRef watched(YamlMap map, String key, String name) {
    String[] parts = name.split(":", -1);
    if (parts.length == 3) {
      try {
        return new AttributeRef(
            Integer.parseInt(parts[1]), obis(map, parts[0]), Integer.parseInt(parts[2]));
      } catch (NumberFormatException e) {
        // told below
      }
    }
    throw map.error("'" + key + "' has attributes as OBIS:class:attribute, not '" + name + "'");
  }

  private static ObisCode object(YamlMap map, String key) {
    return obis(map, map.text(key));
  }

  private static Optional<ObisCode> optionalObject(YamlMap map, String key) {
    return map.optionalText(key).map(code -> obis(map, code));
  }

  private static ObisCode obis(YamlMap map, String code) {
    try {
      return ObisCode.parse(code);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(map.error(String.valueOf(e.getMessage())).getMessage(), e);
    }
  }

  private static int within(YamlMap map, String key, long value, int least, int most) {
    if (value < least || value > most) {
      throw map.error("'" + key + "' is " + least + " to " + most);
    }
    return (int) value;
  }

  private static <E extends Enum<E>> E word(YamlMap map, String key, Class<E> type) {
    String word = map.text(key);
    for (E constant : type.getEnumConstants()) {
      if (constant.name().toLowerCase(Locale.ROOT).equals(word)) {
        return constant;
      }
    }
    throw map.error(
        "'"
            + key
            + "' is one of "
            + List.of(type.getEnumConstants()).toString().toLowerCase(Locale.ROOT)
            + ", not '"
            + word
            + "'");
  }
}
