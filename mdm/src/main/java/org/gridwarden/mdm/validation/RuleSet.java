package org.gridwarden.mdm.validation;

import java.util.EnumMap;
import java.util.Map;

/** The validation rules of a class of meters. Immutable, thread-safe. */
public final class RuleSet {
  /**
   * How a rule is run.
   *
   * @param then what follows a finding
   * @param thresholds by name, all that the rule has
   */
  public record Setting(Then then, Map<String, Double> thresholds) {
    /** Copies the map. */
    public Setting {
      thresholds = Map.copyOf(thresholds);
    }
  }

  private final EnumMap<Rule, Setting> settings;
  private final double[][] quick = new double[Rule.values().length][];
  private final Then[] then = new Then[Rule.values().length];

  /**
   * @param settings a rule that is not named is off
   * @throws IllegalArgumentException where a threshold of a rule that runs is missing
   */
  public RuleSet(Map<Rule, Setting> settings) {
    this.settings = new EnumMap<>(Rule.class);
    this.settings.putAll(settings);
    for (Rule rule : Rule.values()) {
      Setting setting = settings.getOrDefault(rule, new Setting(Then.OFF, Map.of()));
      then[rule.ordinal()] = setting.then();
      double[] figures = new double[rule.thresholds().size()];
      for (int i = 0; i < figures.length; i++) {
        Double figure = setting.thresholds().get(rule.thresholds().get(i).name());
        if (figure == null && setting.then() != Then.OFF) {
          throw new IllegalArgumentException(
              "rule '" + rule.id() + "' lacks '" + rule.thresholds().get(i).name() + "'");
        }
        figures[i] = figure == null ? 0 : figure;
      }
      quick[rule.ordinal()] = figures;
    }
  }

  /** What follows a finding; {@link Then#OFF} where the rule is not run. */
  public Then then(Rule rule) {
    return then[rule.ordinal()];
  }

  /** A threshold by its place in {@link Rule#thresholds()}. */
  double figure(Rule rule, int index) {
    return quick[rule.ordinal()][index];
  }

  /** All settings, for reports. */
  public Map<Rule, Setting> settings() {
    return new EnumMap<>(settings);
  }
}
