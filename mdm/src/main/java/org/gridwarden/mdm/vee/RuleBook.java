package org.gridwarden.mdm.vee;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.gridwarden.mdm.datafile.DataFileException;
import org.gridwarden.mdm.datafile.DataNode;
import org.gridwarden.mdm.estimation.EstimationRules;
import org.gridwarden.mdm.validation.RuleSet;

/**
 * The rules of validation and estimation for each class of meters, and the holidays. Immutable,
 * thread-safe.
 *
 * @param holidays days that count as Sundays
 * @param classes by name; {@link #USUAL} is always among them
 */
public record RuleBook(Set<LocalDate> holidays, Map<String, ClassRules> classes) {
  /** The class of a meter that names none. */
  public static final String USUAL = "household";

  private static final String SHIPPED = "vee-rules.yaml";

  /**
   * A class's rules.
   *
   * @param validation what is checked
   * @param estimation how gaps are filled
   */
  public record ClassRules(RuleSet validation, EstimationRules estimation) {}

  /** Copies. */
  public RuleBook {
    holidays = Set.copyOf(holidays);
    classes = Map.copyOf(classes);
  }

  /** The rules of a class; of one that the book does not know, the usual ones. */
  public ClassRules of(String meterClass) {
    ClassRules its = classes.get(meterClass);
    return its != null ? its : Objects.requireNonNull(classes.get(USUAL));
  }

  /** What Gridwarden ships. */
  public static RuleBook shipped() {
    try {
      return read(SHIPPED, shippedText(), new RuleBook(Set.of(), Map.of()));
    } catch (DataFileException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  /** The shipped rule file as text: what a file of one's own starts from. */
  public static String shippedText() {
    try (InputStream in = RuleBook.class.getResourceAsStream(SHIPPED)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads a file that says what differs from the shipped rules.
   *
   * @param file what it is called in messages
   * @throws DataFileException where it cannot be used; the message names line and remedy
   */
  public static RuleBook read(String file, String text) throws DataFileException {
    return read(file, text, shipped());
  }

  private static RuleBook read(String file, String text, RuleBook base) throws DataFileException {
    DataNode root = DataNode.parse(file, text);
    root.allow(Set.of("holidays", "classes"));
    Set<LocalDate> holidays = new LinkedHashSet<>(base.holidays());
    for (String date : root.texts("holidays").orElse(List.of())) {
      try {
        holidays.add(LocalDate.parse(date));
      } catch (DateTimeParseException e) {
        throw root.error("holidays", "'" + date + "' is no date; write it as 2026-12-25");
      }
    }
    Map<String, ClassRules> classes = new LinkedHashMap<>(base.classes());
    var named = root.child("classes");
    if (named.isPresent()) {
      for (String name : named.get().keys()) {
        DataNode its = named.get().child(name).orElseThrow();
        classes.put(name, new ClassReader(its).read(name, classes));
      }
    }
    return new RuleBook(holidays, classes);
  }
}
