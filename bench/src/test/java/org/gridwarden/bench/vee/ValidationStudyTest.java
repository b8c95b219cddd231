package org.gridwarden.bench.vee;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.gridwarden.mdm.validation.Context;
import org.gridwarden.mdm.validation.Rule;
import org.gridwarden.mdm.validation.RuleSet;
import org.gridwarden.mdm.validation.Validator;
import org.gridwarden.mdm.vee.RuleBook;
import org.junit.jupiter.api.Test;

/** The shipped rules on households that their thresholds were not chosen on. */
class ValidationStudyTest {
  private final RuleSet rules = RuleBook.shipped().of(RuleBook.USUAL).validation();

  /** Another household tells little of this one: a sibling rule that never cries wolf finds few. */
  private static final Map<Rule, Double> LESS = Map.of(Rule.SIBLING, 0.1, Rule.HISTORY, 0.75);

  @Test
  void defectsOfEveryKindAreFoundAndCleanDaysAreLeftInPeace() throws Exception {
    ValidationStudy study = new ValidationStudy(rules, RealCurves.swiss().half(1), 21);

    study.run(120);

    assertThat(study.meterDays()).isEqualTo(130 * 28);
    assertThat(study.falseAlarmsPerThousand()).isLessThanOrEqualTo(1);
    assertThat(study.scores()).hasSize(Rule.values().length);
    for (ValidationStudy.Score score : study.scores()) {
      assertThat(score.recall())
          .as("recall of %s", score.rule().id())
          .isGreaterThanOrEqualTo(LESS.getOrDefault(score.rule(), 0.9));
      assertThat(score.precision())
          .as("precision of %s", score.rule().id())
          .isGreaterThanOrEqualTo(score.rule() == Rule.UNIT ? 0.6 : 0.9);
    }
  }

  @Test
  void realWeeksOfNothingButZerosAreFound() throws Exception {
    Validator validator = new Validator(rules);

    assertThat(RealCurves.swissWithZeroWeeks().curves())
        .hasSize(8)
        .allSatisfy(curve ->
            assertThat(validator.validate(curve, Context.NONE))
                .anyMatch(f -> f.rule() == Rule.ZERO_RUN && f.measured() >= 168));
  }
}
