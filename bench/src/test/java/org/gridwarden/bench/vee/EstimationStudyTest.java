package org.gridwarden.bench.vee;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.gridwarden.mdm.estimation.Method;
import org.gridwarden.mdm.vee.RuleBook;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The shipped default against the usual methods, on households that it was not fitted to. */
class EstimationStudyTest {
  private final EstimationStudy study =
      new EstimationStudy(RuleBook.shipped().of(RuleBook.USUAL).estimation());

  @ParameterizedTest
  @ValueSource(doubles = {0, 1, 2, 4, 8, 12, 24, 48, 72, 168})
  void theDefaultIsTheBestAtEveryGapLength(double hours) throws Exception {
    int perCurve = hours <= 2 ? 12 : hours <= 12 ? 3 : 1;
    List<GapSchedule.Gap> gaps =
        new GapSchedule(21, perCurve).gaps(RealCurves.swiss().half(1), hours);

    EstimationStudy.Score ours = study.ofDefault(gaps);

    assertThat(ours.gaps()).isEqualTo(gaps.size()).isGreaterThanOrEqualTo(100);
    assertThat(Math.abs(ours.biasPercent())).isLessThan(6);
    for (Method method : EstimationStudy.BASELINES) {
      assertThat(ours.maeKw())
          .as("%s h, against %s", hours, method.id())
          .isLessThan(study.of(method, gaps).maeKw());
    }
  }
}
