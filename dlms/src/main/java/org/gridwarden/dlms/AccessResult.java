package org.gridwarden.dlms;

import java.util.Map;

/**
 * How an access to an attribute or method went: data-access-result and action-result, which number
 * the same things alike (IEC 62056-5-3, clause 9.5).
 *
 * @param code 0 to 255; meters use numbers of their own, which are kept
 */
public record AccessResult(int code) {
  public static final AccessResult SUCCESS = new AccessResult(0);
  public static final AccessResult HARDWARE_FAULT = new AccessResult(1);
  public static final AccessResult TEMPORARY_FAILURE = new AccessResult(2);
  public static final AccessResult READ_WRITE_DENIED = new AccessResult(3);
  public static final AccessResult OBJECT_UNDEFINED = new AccessResult(4);
  public static final AccessResult OBJECT_CLASS_INCONSISTENT = new AccessResult(9);
  public static final AccessResult OBJECT_UNAVAILABLE = new AccessResult(11);
  public static final AccessResult TYPE_UNMATCHED = new AccessResult(12);
  public static final AccessResult SCOPE_OF_ACCESS_VIOLATED = new AccessResult(13);
  public static final AccessResult DATA_BLOCK_UNAVAILABLE = new AccessResult(14);
  public static final AccessResult LONG_GET_ABORTED = new AccessResult(15);
  public static final AccessResult NO_LONG_GET_IN_PROGRESS = new AccessResult(16);
  public static final AccessResult LONG_SET_ABORTED = new AccessResult(17);
  public static final AccessResult NO_LONG_SET_IN_PROGRESS = new AccessResult(18);
  public static final AccessResult DATA_BLOCK_NUMBER_INVALID = new AccessResult(19);
  public static final AccessResult OTHER_REASON = new AccessResult(250);

  private static final Map<Integer, String> WORDS =
      Map.ofEntries(
          Map.entry(0, "success"),
          Map.entry(1, "hardware fault"),
          Map.entry(2, "temporary failure"),
          Map.entry(3, "read or write denied"),
          Map.entry(4, "object undefined"),
          Map.entry(9, "object class inconsistent"),
          Map.entry(11, "object unavailable"),
          Map.entry(12, "type unmatched"),
          Map.entry(13, "scope of access violated"),
          Map.entry(14, "data block unavailable"),
          Map.entry(15, "long get aborted"),
          Map.entry(16, "no long get in progress"),
          Map.entry(17, "long set aborted"),
          Map.entry(18, "no long set in progress"),
          Map.entry(19, "data block number invalid"),
          Map.entry(250, "other reason"));

  /**
   * @throws IllegalArgumentException outside its range
   */
  public AccessResult {
    Ranges.check(code, 0, 255, "access result");
  }

  public boolean isSuccess() {
    return code == 0;
  }

  /** The standard's words, or the number where it has none. */
  @Override
  public String toString() {
    return WORDS.getOrDefault(code, "result " + code);
  }
}
