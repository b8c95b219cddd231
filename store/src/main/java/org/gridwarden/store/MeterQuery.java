package org.gridwarden.store;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.gridwarden.core.Meter;

/**
 * Which meters to list.
 *
 * @param text any part of a meter's id, serial, system title or service point, upper or lower case;
 *     empty for all
 * @param states in which states; empty for all
 * @param sort by what, the first first; the id decides among equals
 * @param page which page, from 0
 * @param size how many a page, 1 to 1,000
 */
public record MeterQuery(
    String text, Set<Meter.State> states, List<Sort> sort, int page, int size) {
  /** What a list of meters can be sorted by. */
  public enum Field {
    ID("id", "m.meter_id"),
    SERIAL("serial", "m.serial"),
    SYSTEM_TITLE("systemTitle", "m.system_title"),
    PROFILE("profile", "m.profile"),
    SERVICE_POINT("servicePoint", "m.service_point"),
    ZONE("zone", "m.zone"),
    STATE("state", "m.state"),
    LAST_CONTACT("lastContact", "c.contact");

    private final String word;
    private final String column;

    Field(String word, String column) {
      this.word = word;
      this.column = column;
    }

    /** Its name in an address. */
    public String word() {
      return word;
    }

    String column() {
      return column;
    }
  }

  /**
   * One level of an order.
   *
   * @param by what
   * @param descending the greatest first; what is absent comes last either way
   */
  public record Sort(Field by, boolean descending) {}

  /**
   * @throws IllegalArgumentException naming what is out of its range
   */
  public MeterQuery {
    if (text.length() > 100) {
      throw new IllegalArgumentException("a search has at most 100 characters");
    }
    if (page < 0 || size < 1 || size > 1_000) {
      throw new IllegalArgumentException("page is 0 or more, and size 1 to 1000");
    }
    states = Set.copyOf(states);
    sort = List.copyOf(sort);
  }

  /** All meters by id, the first page of 50. */
  public static MeterQuery all() {
    return new MeterQuery("", Set.of(), List.of(), 0, 50);
  }

  /**
   * From the words of an address, {@code q=&state=active&sort=lastContact,-id&page=0&size=50}.
   *
   * @throws IllegalArgumentException naming the word that is not known and those that are
   */
  public static MeterQuery parse(String q, String state, String sort, int page, int size) {
    return new MeterQuery(q.strip(), states(state), sorts(sort), page, size);
  }

  private static Set<Meter.State> states(String words) {
    Set<Meter.State> states = EnumSet.noneOf(Meter.State.class);
    for (String word : words.split(",", 16)) {
      if (!word.isBlank()) {
        try {
          states.add(Meter.State.valueOf(word.strip().toUpperCase(Locale.ROOT)));
        } catch (IllegalArgumentException e) {
          throw new IllegalArgumentException("state is active, quarantined or retired", e);
        }
      }
    }
    return states;
  }

  private static List<Sort> sorts(String words) {
    List<Sort> sorts = new ArrayList<>();
    for (String word : words.split(",", 16)) {
      String name = word.strip();
      if (name.isEmpty()) {
        continue;
      }
      boolean descending = name.startsWith("-");
      String bare = descending ? name.substring(1) : name;
      sorts.add(new Sort(field(bare), descending));
    }
    return sorts;
  }

  private static Field field(String word) {
    List<String> known = new ArrayList<>();
    for (Field field : Field.values()) {
      if (field.word.equals(word)) {
        return field;
      }
      known.add(field.word);
    }
    throw new IllegalArgumentException(
        "sort is any of " + String.join(", ", known) + ", with a '-' before it for the last first");
  }
}
