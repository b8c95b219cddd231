package org.gridwarden.mdm.tariff;

import java.time.DayOfWeek;
import java.time.Month;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.gridwarden.mdm.datafile.DataFileException;
import org.gridwarden.mdm.datafile.DataNode;

/** Days and months by their English names. Pure functions. */
final class Words {
  private Words() {}

  static Optional<DayOfWeek> weekday(String word) {
    for (DayOfWeek day : DayOfWeek.values()) {
      if (day.name().toLowerCase(Locale.ROOT).equals(word)) {
        return Optional.of(day);
      }
    }
    return Optional.empty();
  }

  static Optional<Month> month(String word) {
    for (Month month : Month.values()) {
      if (month.name().toLowerCase(Locale.ROOT).equals(word)) {
        return Optional.of(month);
      }
    }
    return Optional.empty();
  }

  /** The months that a key lists; empty where it is not there. */
  static Optional<List<Month>> months(DataNode node, String key) throws DataFileException {
    Optional<List<String>> words = node.texts(key);
    if (words.isEmpty()) {
      return Optional.empty();
    }
    List<Month> months = new ArrayList<>();
    for (String word : words.get()) {
      Month month =
          month(word)
              .orElseThrow(
                  () -> node.error(key, "'" + word + "' is no month; write it as january"));
      if (months.contains(month)) {
        throw node.error(key, word + " is there twice; leave one out");
      }
      months.add(month);
    }
    return Optional.of(months);
  }
}
