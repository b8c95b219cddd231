package org.gridwarden.bench.vee;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.gridwarden.mdm.validation.Context;
import org.gridwarden.mdm.validation.Curve;
import org.gridwarden.mdm.validation.Finding;
import org.gridwarden.mdm.validation.Rule;
import org.gridwarden.mdm.validation.RuleSet;
import org.gridwarden.mdm.validation.Validator;
import org.gridwarden.mdm.vee.RuleBook;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** {@code ./gridwarden bench validation}. */
@Command(
    name = "validation",
    description =
        "What the validation rules find: precision and recall for defects put into real"
            + " households, false alarms on the same without, and the real defects among them.")
public final class ValidationCommand implements Callable<Integer> {
  @Option(names = "--json", description = "One JSON object on a line.")
  private boolean json;

  @Option(names = "--seed", defaultValue = "8", description = "What decides (${DEFAULT-VALUE}).")
  private long seed = 8;

  @Option(
      names = "--each",
      defaultValue = "400",
      description = "Defects of each kind (${DEFAULT-VALUE}).")
  private int each = 400;

  @Option(
      names = "--fitting-half",
      description = "Measures the half of the households that the thresholds were chosen on.")
  private boolean fittingHalf;

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    RuleSet rules = RuleBook.shipped().of(RuleBook.USUAL).validation();
    ValidationStudy study =
        new ValidationStudy(rules, RealCurves.swiss().half(fittingHalf ? 0 : 1), seed);
    study.run(each);
    List<Curve> real = RealCurves.swissWithZeroWeeks().curves();
    int found = 0;
    for (Curve curve : real) {
      List<Finding> findings = new Validator(rules).validate(curve, Context.NONE);
      found += findings.stream().anyMatch(f -> f.rule() == Rule.ZERO_RUN) ? 1 : 0;
    }
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(JsonMapper.shared().writeValueAsString(json(study, real.size(), found)));
    } else {
      table(out, study, real.size(), found);
    }
    out.flush();
    return 0;
  }

  private Map<String, Object> json(ValidationStudy study, int real, int found) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (ValidationStudy.Score score : study.scores()) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("rule", score.rule().id());
      row.put("put", score.put());
      row.put("found", score.found());
      row.put("recall", rounded(score.recall()));
      row.put("precision", rounded(score.precision()));
      row.put("clean_meter_days_alarmed", score.cleanAlarms());
      rows.add(row);
    }
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("bench", "validation");
    all.put("seed", seed);
    all.put("clean_meter_days", study.meterDays());
    all.put("false_alarms_per_1000", rounded(study.falseAlarmsPerThousand()));
    all.put("households_with_zero_weeks", real);
    all.put("of_them_found", found);
    all.put("rules", rows);
    return all;
  }

  private static void table(PrintWriter out, ValidationStudy study, int real, int found) {
    out.printf(
        Locale.ROOT,
        "%-14s %6s %6s %8s %10s %14s%n",
        "rule",
        "put in",
        "found",
        "recall",
        "precision",
        "clean alarms");
    for (ValidationStudy.Score score : study.scores()) {
      out.printf(
          Locale.ROOT,
          "%-14s %6d %6d %8.3f %10.3f %14d%n",
          score.rule().id(),
          score.put(),
          score.found(),
          score.recall(),
          score.precision(),
          score.cleanAlarms());
    }
    out.printf(
        Locale.ROOT,
        "false alarms: %.2f of 1,000 clean meter-days (%d looked at)%n",
        study.falseAlarmsPerThousand(),
        study.meterDays());
    out.printf("households with a week of zeros: %d, found %d%n", real, found);
  }

  private static double rounded(double figure) {
    return Math.round(figure * 10_000) / 10_000.0;
  }
}
