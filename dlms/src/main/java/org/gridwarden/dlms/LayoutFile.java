package org.gridwarden.dlms;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.Unit;

/** Reads layout and profile files; every error names file, place and remedy. */
final class LayoutFile {
  private static final Set<String> ROOT_TYPES = Set.of("array", "structure", "compact-array");

  private LayoutFile() {}

  /**
   * The layouts of a file: one, or a list under {@code layouts}.
   *
   * @throws IllegalArgumentException where the file is wrong
   */
  static List<Layout> layouts(String file, String text) {
    YamlMap map = YamlMap.parse(file, text);
    if (!map.has("layouts")) {
      return List.of(layout(map));
    }
    map.allow(Set.of("layouts", "about", "source"));
    return map.maps("layouts").stream().map(LayoutFile::layout).toList();
  }

  private static Layout layout(YamlMap map) {
    map.allow(
        Set.of(
            "name", "about", "source", "root", "size", "starts", "places", "items", "units",
            "rows"));
    Set<Integer> roots = new HashSet<>();
    for (String root : map.texts("root")) {
      if (!ROOT_TYPES.contains(root)) {
        throw map.error("'" + root + "' is no root; it can be array, structure, compact-array");
      }
      roots.add(DataTags.tag(root));
    }
    Set<Integer> sizes = new HashSet<>();
    for (String size : map.texts("size")) {
      sizes.add(attempt(map, size, Integer::valueOf));
    }
    Map<Integer, Layout.Place> fixed = new HashMap<>();
    map.map("places")
        .ifPresent(places -> {
          for (String index : places.keys()) {
            fixed.put(attempt(places, index, Integer::valueOf), place(places.mapOrWord(index)));
          }
        });
    Map<ObisCode, List<Layout.Place>> rows = new HashMap<>();
    map.map("rows")
        .ifPresent(profiles -> {
          for (String obis : profiles.keys()) {
            ObisCode code =
                obis.equals("any") ? PushValue.NO_OBIS : attempt(profiles, obis, ObisCode::parse);
            rows.put(code, profiles.maps(obis).stream().map(LayoutFile::place).toList());
          }
        });
    List<ItemPattern> items = new ArrayList<>();
    for (String item : map.texts("items")) {
      items.add(attempt(map, item, ItemPattern::parse));
    }
    return new Layout(
        map.text("name"),
        map.text("about"),
        roots,
        sizes,
        map.optionalText("starts").map(s -> attempt(map, s, ItemPattern::parse)),
        fixed,
        items,
        map.maps("units").stream().map(LayoutFile::unit).toList(),
        rows);
  }

  /** {@code skip}, a role's name, or {@code {obis, scaler, unit, role}}. */
  private static Layout.Place place(YamlMap map) {
    if (map.has("is")) {
      String word = map.text("is");
      return new Layout.Place(
          PushValue.NO_OBIS,
          Scaling.NONE,
          word.equals("skip") ? Optional.empty() : Optional.of(role(map, word)));
    }
    map.allow(Set.of("obis", "scaler", "unit", "role"));
    return new Layout.Place(
        attempt(map, map.text("obis"), ObisCode::parse),
        scaling(map),
        map.optionalText("role").map(word -> role(map, word)));
  }

  private static Layout.DefaultUnit unit(YamlMap map) {
    map.allow(Set.of("codes", "scaler", "unit"));
    return new Layout.DefaultUnit(
        attempt(map, map.text("codes"), ObisPattern::parse), scaling(map));
  }

  private static Scaling scaling(YamlMap map) {
    if (!map.has("unit") && !map.has("scaler")) {
      return Scaling.NONE;
    }
    String symbol = map.optionalText("unit").orElse("");
    for (Unit unit : Unit.values()) {
      if (unit.symbol().equals(symbol)) {
        return attempt(map, "", _ -> Scaling.of((int) map.number("scaler", 0), unit));
      }
    }
    throw map.error("'" + symbol + "' is no unit's symbol");
  }

  /**
   * The profile of a file.
   *
   * @param generic whose objects count after its own; empty for the generic profile itself
   * @throws IllegalArgumentException where the file is wrong
   */
  static MeterProfile profile(String file, String text, List<MeterProfile.Meaning> generic) {
    YamlMap map = YamlMap.parse(file, text);
    map.allow(
        Set.of(
            "profile",
            "about",
            "source",
            "layouts",
            "deviation",
            "stamp",
            "interval",
            "status",
            "objects"));
    List<MeterProfile.Meaning> meanings = new ArrayList<>();
    for (YamlMap object : map.maps("objects")) {
      object.allow(Set.of("codes", "role", "modulus", "slots"));
      meanings.add(
          new MeterProfile.Meaning(
              attempt(object, object.text("codes"), ObisPattern::parse),
              role(object, object.text("role")),
              object.number("modulus", 0),
              object
                  .optionalText("slots")
                  .map(s -> attempt(object, s, ObisCode::parse))
                  .orElse(PushValue.NO_OBIS)));
    }
    meanings.addAll(generic);
    Map<Integer, StatusFlag> status = new HashMap<>();
    map.map("status")
        .ifPresent(bits -> {
          for (String bit : bits.keys()) {
            int number = attempt(bits, bit, Integer::valueOf);
            attempt(
                bits,
                bit,
                _ -> {
                  Ranges.check(number, 0, 62, "a status bit");
                  return number;
                });
            status.put(number, word(bits, bits.text(bit), StatusFlag.class));
          }
        });
    long seconds = map.number("interval", 900);
    if (seconds < 1 || seconds > 86_400) {
      throw map.error("'interval' is 1 to 86400 seconds, not " + seconds);
    }
    return new MeterProfile(
        map.text("profile"),
        map.text("about"),
        map.texts("layouts"),
        word(
            map,
            map.optionalText("deviation").orElse("standard"),
            CosemDateTime.DeviationSign.class),
        word(map, map.optionalText("stamp").orElse("end"), MeterProfile.Stamp.class),
        Duration.ofSeconds(seconds),
        meanings,
        status);
  }

  private static Role role(YamlMap map, String word) {
    return word(map, word, Role.class);
  }

  private static <E extends Enum<E>> E word(YamlMap map, String word, Class<E> type) {
    List<String> known = new ArrayList<>();
    for (E constant : type.getEnumConstants()) {
      String name = constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
      if (name.equals(word)) {
        return constant;
      }
      known.add(name);
    }
    throw map.error("'" + word + "' is not known here; it can be " + String.join(", ", known));
  }

  private static <T> T attempt(YamlMap map, String text, Function<String, T> parser) {
    try {
      return parser.apply(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          map.error("'" + text + "' is no whole number").getMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(map.error(String.valueOf(e.getMessage())).getMessage(), e);
    }
  }
}
