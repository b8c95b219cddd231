package org.gridwarden.store;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.gridwarden.core.CommandState;
import org.gridwarden.core.MeterId;

/**
 * Which commands to list.
 *
 * @param states in which states; empty for all
 * @param meter only its; empty for all
 * @param word only this word of the vocabulary; empty for all
 * @param by only this operator's; empty for all
 * @param sort by what, the first first; the newest first among equals
 * @param page which page, from 0
 * @param size how many a page, 1 to 1,000
 */
public record CommandQuery(
    Set<CommandState> states,
    Optional<MeterId> meter,
    String word,
    String by,
    List<Sort> sort,
    int page,
    int size) {
  /** What a list of commands can be sorted by. */
  public enum Field {
    DRAFTED("drafted", "id"),
    METER("meter", "meter"),
    FEEDER("feeder", "feeder"),
    ACTION("action", "word"),
    STATE("state", "state"),
    BY("draftedBy", "drafted_by"),
    DUE("due", "due"),
    EXPIRES("expires", "expires");

    private final String word;
    private final String column;

    Field(String word, String column) {
      this.word = word;
      this.column = column;
    }

    String column() {
      return column;
    }
  }

  /**
   * One level of an order.
   *
   * @param by what
   * @param descending the greatest first
   */
  public record Sort(Field by, boolean descending) {}

  /**
   * @throws IllegalArgumentException naming what is out of its range
   */
  public CommandQuery {
    if (word.length() > 32 || by.length() > 128) {
      throw new IllegalArgumentException("word and by have at most 32 and 128 characters");
    }
    if (page < 0 || page > 1_000_000 || size < 1 || size > 1_000) {
      throw new IllegalArgumentException("page is 0 to 1000000, and size 1 to 1000");
    }
    states = Set.copyOf(states);
    sort = List.copyOf(sort);
  }

  /**
   * From the words of an address, {@code state=quarantined,released&sort=due,-drafted}.
   *
   * @throws IllegalArgumentException naming the word that is not known and those that are
   */
  public static CommandQuery parse(
      String state, String meter, String word, String by, String sort, int page, int size) {
    Optional<MeterId> only = meter.isBlank() ? Optional.empty() : Optional.of(new MeterId(meter));
    return new CommandQuery(states(state), only, word.strip(), by.strip(), sorts(sort), page, size);
  }

  private static Set<CommandState> states(String words) {
    Set<CommandState> states = EnumSet.noneOf(CommandState.class);
    for (String word : words.split(",", 16)) {
      String name = word.strip().toUpperCase(Locale.ROOT).replace('-', '_');
      if (!name.isEmpty()) {
        try {
          states.add(CommandState.valueOf(name));
        } catch (IllegalArgumentException e) {
          List<String> known = new ArrayList<>();
          for (CommandState one : CommandState.values()) {
            known.add(one.name().toLowerCase(Locale.ROOT));
          }
          throw new IllegalArgumentException("state is any of " + String.join(", ", known), e);
        }
      }
    }
    return states;
  }

  private static List<Sort> sorts(String words) {
    List<Sort> sorts = new ArrayList<>();
    for (String word : words.split(",", 16)) {
      String name = word.strip();
      if (!name.isEmpty()) {
        boolean descending = name.startsWith("-");
        sorts.add(new Sort(field(descending ? name.substring(1) : name), descending));
      }
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
