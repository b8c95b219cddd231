package org.gridwarden.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.gridwarden.simulator.channels.MeterChannel;

/**
 * Reads {@code --channels}: names with commas between them, each with what follows it after an
 * equals sign, or {@code all}.
 *
 * @param dlms whether meters that speak DLMS are among them, and what was said of them
 * @param others the other channels with what was said of each, empty where nothing was
 */
record ChannelChoice(Optional<String> dlms, Map<MeterChannel, String> others) {
  static final String DLMS = "dlms";

  /**
   * What was chosen.
   *
   * @param text as it was given
   * @param known the channels that there are beside DLMS; {@code all} means those of them that this
   *     machine has what they need for
   * @throws Failure where a channel is not known, or named twice
   */
  static ChannelChoice parse(String text, List<MeterChannel> known) {
    Map<String, String> said = new LinkedHashMap<>();
    for (String part : text.split(",", -1)) {
      String[] pair = part.trim().split("=", 2);
      String name = pair[0].toLowerCase(Locale.ROOT);
      for (String one : name.equals("all") ? everything(known) : List.of(name)) {
        if (said.put(one, pair.length > 1 ? pair[1] : "") != null) {
          throw wrong("'" + one + "' stands twice in --channels " + text);
        }
      }
    }
    Optional<String> dlms = Optional.ofNullable(said.remove(DLMS));
    Map<MeterChannel, String> others = new LinkedHashMap<>();
    said.forEach((name, value) ->
        others.put(
            MeterChannel.of(name)
                .filter(known::contains)
                .orElseThrow(() ->
                    wrong(
                        "'"
                            + name
                            + "' is no channel here; there are dlms, "
                            + String.join(", ", known.stream().map(MeterChannel::name).toList())
                            + ", and all")),
            value));
    return new ChannelChoice(dlms, others);
  }

  private static List<String> everything(List<MeterChannel> known) {
    List<String> all = new ArrayList<>(List.of(DLMS));
    known.stream()
        .filter(channel -> channel.missing().isEmpty())
        .forEach(channel -> all.add(channel.name()));
    return all;
  }

  /** How many kinds of meters. */
  int size() {
    return others.size() + (dlms.isPresent() ? 1 : 0);
  }

  /**
   * How many meters of a number each kind has.
   *
   * @param place the kind's, from 0; DLMS is the first where it is chosen
   * @throws Failure where there are not enough for all
   */
  int share(int meters, int place) {
    if (meters < size()) {
      throw wrong("--meters " + meters + " are too few for " + size() + " channels");
    }
    return meters / size() + (place < meters % size() ? 1 : 0);
  }

  private static Failure wrong(String line) {
    return new Failure(line, Gridwarden.WRONG_INPUT);
  }
}
