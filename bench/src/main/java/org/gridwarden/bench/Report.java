package org.gridwarden.bench;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Figures in their order, for a person or a program. */
public final class Report {
  private final Map<String, String> figures = new LinkedHashMap<>();

  /** Adds a figure. */
  public Report add(String name, long value) {
    figures.put(name, Long.toString(value));
    return this;
  }

  /** Adds a figure. */
  public Report add(String name, double value) {
    figures.put(name, String.format(Locale.ROOT, "%.3f", value));
    return this;
  }

  /** One JSON object. */
  public String json() {
    return figures.entrySet().stream()
        .map(e -> "\"" + e.getKey() + "\":" + e.getValue())
        .collect(Collectors.joining(",", "{", "}"));
  }

  /** A line a figure. */
  public String table() {
    return figures.entrySet().stream()
        .map(e -> String.format(Locale.ROOT, "%-40s %s", e.getKey(), e.getValue()))
        .collect(Collectors.joining("\n"));
  }
}
