package org.gridwarden.store;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Which accounts to list.
 *
 * @param text any part of an id, name, street, city, address of mail, telephone or current service
 *     point, upper or lower case; empty for all
 * @param statuses in which; empty for all
 * @param sort by what, the first first; the id decides among equals
 * @param page which page, from 0
 * @param size how many a page, 1 to 1,000
 */
public record AccountQuery(
    String text, Set<Account.Status> statuses, List<Sort> sort, int page, int size) {
  /** What a list of accounts can be sorted by. */
  public enum Field {
    ID("id", "a.id"),
    NAME("name", "lower(a.name)"),
    STREET("street", "lower(a.street)"),
    CITY("city", "lower(a.city)"),
    STATUS("status", "a.status"),
    OPENED("opened", "a.opened");

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
  public AccountQuery {
    if (text.length() > 100) {
      throw new IllegalArgumentException("a search has at most 100 characters");
    }
    if (page < 0 || page > 100_000 || size < 1 || size > 1_000) {
      throw new IllegalArgumentException("page is 0 to 100000, and size 1 to 1000");
    }
    statuses = Set.copyOf(statuses);
    sort = List.copyOf(sort);
  }

  /**
   * From the words of an address, {@code q=&status=open&sort=name,-opened&page=0&size=50}.
   *
   * @throws IllegalArgumentException naming the word that is not known and those that are
   */
  public static AccountQuery parse(String q, String status, String sort, int page, int size) {
    return new AccountQuery(q.strip(), statuses(status), sorts(sort), page, size);
  }

  private static Set<Account.Status> statuses(String words) {
    Set<Account.Status> statuses = EnumSet.noneOf(Account.Status.class);
    for (String word : words.split(",", 8)) {
      if (!word.isBlank()) {
        try {
          statuses.add(Account.Status.valueOf(word.strip().toUpperCase(Locale.ROOT)));
        } catch (IllegalArgumentException e) {
          throw new IllegalArgumentException("status is open, closed or erased", e);
        }
      }
    }
    return statuses;
  }

  private static List<Sort> sorts(String words) {
    List<Sort> sorts = new ArrayList<>();
    for (String word : words.split(",", 8)) {
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
