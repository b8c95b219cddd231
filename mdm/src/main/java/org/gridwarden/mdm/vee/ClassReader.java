package org.gridwarden.mdm.vee;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.gridwarden.mdm.datafile.DataFileException;
import org.gridwarden.mdm.datafile.DataNode;
import org.gridwarden.mdm.estimation.BlendShape;
import org.gridwarden.mdm.estimation.EstimationRules;
import org.gridwarden.mdm.estimation.LikeDays;
import org.gridwarden.mdm.estimation.Method;
import org.gridwarden.mdm.validation.Rule;
import org.gridwarden.mdm.validation.RuleSet;
import org.gridwarden.mdm.validation.Then;
import org.jspecify.annotations.Nullable;

/** Reads one class of a rule file, over the class that it is based on. */
final class ClassReader {
  private static final List<String> DAYS =
      List.of("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday");
  private static final Set<String> ESTIMATION =
      Set.of(
          "like-days",
          "gaps",
          "scale-to-register",
          "outage-as-zero",
          "negative",
          "typical-day",
          "typical-day-kwh");

  private final DataNode node;

  ClassReader(DataNode node) {
    this.node = node;
  }

  RuleBook.ClassRules read(String name, Map<String, RuleBook.ClassRules> known)
      throws DataFileException {
    node.allow(Set.of("based-on", "validation", "estimation"));
    String on = node.text("based-on").orElse(known.containsKey(name) ? name : RuleBook.USUAL);
    RuleBook.ClassRules base = known.get(on);
    if (base == null && !known.isEmpty()) {
      throw node.error(
          "based-on", "no class '" + on + "' stands above; write one of " + known.keySet());
    }
    return new RuleBook.ClassRules(
        validation(base == null ? null : base.validation()),
        estimation(base == null ? null : base.estimation()));
  }

  private RuleSet validation(@Nullable RuleSet base) throws DataFileException {
    Map<Rule, RuleSet.Setting> settings =
        base == null ? new EnumMap<>(Rule.class) : base.settings();
    var rules = node.child("validation");
    if (rules.isEmpty()) {
      return new RuleSet(settings);
    }
    Set<String> names = new LinkedHashSet<>();
    Arrays.stream(Rule.values()).forEach(r -> names.add(r.id()));
    rules.get().allow(names);
    for (String id : rules.get().keys()) {
      Rule rule = Rule.of(id).orElseThrow();
      DataNode its = rules.get().child(id).orElseThrow();
      settings.put(rule, setting(rule, its, settings.get(rule)));
    }
    return new RuleSet(settings);
  }

  private static RuleSet.Setting setting(Rule rule, DataNode its, RuleSet.@Nullable Setting before)
      throws DataFileException {
    Set<String> allowed = new LinkedHashSet<>(List.of("then"));
    rule.thresholds().forEach(t -> allowed.add(t.name()));
    its.allow(allowed);
    String then = its.text("then").orElse(before == null ? "flag" : word(before.then()));
    Map<String, Double> figures = new HashMap<>(before == null ? Map.of() : before.thresholds());
    for (Rule.Threshold one : rule.thresholds()) {
      var figure = its.number(one.name(), one.least(), one.most());
      figure.ifPresent(f -> figures.put(one.name(), f));
      if (!figures.containsKey(one.name()) && !then.equals("off")) {
        throw its.error(one.name(), "is missing; write it, or `then: off`");
      }
    }
    return new RuleSet.Setting(
        switch (then) {
          case "off" -> Then.OFF;
          case "flag" -> Then.FLAG;
          case "estimate" -> Then.ESTIMATE;
          default ->
              throw its.error("then", "'" + then + "' is not known; write off, flag or estimate");
        },
        figures);
  }

  private static String word(Then then) {
    return then.name().toLowerCase(Locale.ROOT);
  }

  private EstimationRules estimation(@Nullable EstimationRules base) throws DataFileException {
    var found = node.child("estimation");
    if (found.isEmpty()) {
      if (base == null) {
        throw node.error("estimation", "is missing");
      }
      return base;
    }
    DataNode its = found.get();
    its.allow(ESTIMATION);
    if (base == null) {
      for (String key : ESTIMATION) {
        if (!its.has(key)) {
          throw its.error(key, "is missing");
        }
      }
    }
    EstimationRules old = base == null ? none() : base;
    List<Double> typical = old.typicalDay();
    if (its.has("typical-day")) {
      typical = typicalDay(its);
    }
    return new EstimationRules(
        its.has("like-days") ? likeDays(its.child("like-days").orElseThrow()) : old.likeDays(),
        its.has("gaps") ? steps(its) : old.steps(),
        its.bool("scale-to-register").orElse(old.scaleToRegister()),
        its.bool("outage-as-zero").orElse(old.outageAsZero()),
        its.bool("negative").orElse(old.negative()),
        typical,
        its.number("typical-day-kwh", 0, 1e9).orElse(old.typicalDayKwh()));
  }

  /** Never used as it is: the shipped file names all. */
  private static EstimationRules none() {
    return new EstimationRules(
        LikeDays.USUAL,
        List.of(new EstimationRules.Step(0, List.of(), new BlendShape(0, 1, 0, 1, 0, 0, 0, 0))),
        false,
        false,
        false,
        Collections.nCopies(24, 1.0),
        0);
  }

  private static List<Double> typicalDay(DataNode its) throws DataFileException {
    List<Double> out = new ArrayList<>();
    for (String text : its.texts("typical-day").orElse(List.of())) {
      double weight;
      try {
        weight = Double.parseDouble(text);
      } catch (NumberFormatException e) {
        throw its.error("typical-day", "'" + text + "' is no number");
      }
      if (!(weight > 0 && weight < 1e6)) {
        throw its.error("typical-day", text + " is out of range; write weights above 0");
      }
      out.add(weight);
    }
    if (out.size() != 24) {
      throw its.error("typical-day", "has " + out.size() + " weights; write 24, one an hour");
    }
    return out;
  }

  private static LikeDays likeDays(DataNode its) throws DataFileException {
    its.allow(new LinkedHashSet<>(DAYS));
    List<List<Integer>> table = new ArrayList<>();
    for (String day : DAYS) {
      List<Integer> kinds = new ArrayList<>();
      for (String like :
          its.texts(day).orElseThrow(() -> its.error(day, "is missing; name its like days"))) {
        if (!DAYS.contains(like)) {
          throw its.error(day, "'" + like + "' is no day; write one of " + DAYS);
        }
        kinds.add(DAYS.indexOf(like));
      }
      if (kinds.isEmpty()) {
        throw its.error(day, "names no day; write at least itself");
      }
      table.add(kinds);
    }
    return new LikeDays(table);
  }

  private static List<EstimationRules.Step> steps(DataNode its) throws DataFileException {
    List<EstimationRules.Step> steps = new ArrayList<>();
    for (DataNode one : its.children("gaps").orElse(List.of())) {
      one.allow(Set.of("up-to-hours", "methods", "blend"));
      double hours =
          one.number("up-to-hours", 0.01, 1e6)
              .orElseThrow(() -> one.error("up-to-hours", "is missing"));
      List<Method> methods = new ArrayList<>();
      for (String id : one.texts("methods").orElseThrow(() -> one.error("methods", "is missing"))) {
        methods.add(
            Method.of(id)
                .filter(m -> m != Method.MANUAL)
                .orElseThrow(() ->
                    one.error(
                        "methods",
                        "'"
                            + id
                            + "' is not known; write one or more of "
                            + Arrays.stream(Method.values())
                                .filter(m -> m != Method.MANUAL)
                                .map(Method::id)
                                .toList())));
      }
      steps.add(new EstimationRules.Step(Math.round(hours * 3600), methods, blend(one)));
    }
    if (steps.isEmpty()) {
      throw its.error("gaps", "names nothing; write `- {up-to-hours: 24, methods: [like-days]}`");
    }
    for (int i = 1; i < steps.size(); i++) {
      if (steps.get(i).upToSeconds() <= steps.get(i - 1).upToSeconds()) {
        throw its.error("gaps", "up-to-hours must rise from line to line");
      }
    }
    return steps;
  }

  private static BlendShape blend(DataNode step) throws DataFileException {
    var found = step.child("blend");
    if (found.isEmpty()) {
      return new BlendShape(0.7, 2, 0, 10, 0.4, 30, 0, 0);
    }
    DataNode its = found.get();
    its.allow(
        Set.of(
            "edge",
            "memory-hours",
            "level",
            "recency-days",
            "unlike",
            "spread-minutes",
            "median",
            "trials"));
    return new BlendShape(
        its.number("edge", 0, 1).orElse(0.7),
        its.number("memory-hours", 0.01, 1000).orElse(2.0),
        its.number("level", 0, 1).orElse(0.0),
        its.number("recency-days", 0.1, 10_000).orElse(10.0),
        its.number("unlike", 0, 1).orElse(0.4),
        its.number("spread-minutes", 0, 720).orElse(30.0),
        its.number("median", 0, 1).orElse(0.0),
        its.number("trials", 0, 60).orElse(0.0).intValue());
  }
}
