package org.gridwarden.mdm.vee;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import java.util.Objects;
import org.gridwarden.mdm.datafile.DataFileException;
import org.gridwarden.mdm.estimation.LikeDays;
import org.gridwarden.mdm.estimation.Method;
import org.gridwarden.mdm.validation.Rule;
import org.gridwarden.mdm.validation.Then;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RuleBookTest {
  @Test
  void theShippedRulesNameEveryRule() {
    RuleBook.ClassRules usual = RuleBook.shipped().of("no such class");

    assertThat(usual.validation().settings()).containsOnlyKeys(Rule.values());
    assertThat(usual.validation().then(Rule.GAP)).isEqualTo(Then.ESTIMATE);
    assertThat(usual.estimation().likeDays()).isEqualTo(LikeDays.USUAL);
    assertThat(usual.estimation().stepFor(900).methods()).contains(Method.BLEND, Method.FINAL);
  }

  @Test
  void aFileSaysOnlyWhatDiffers() throws Exception {
    RuleBook book =
        RuleBook.read(
            "mine.yaml",
            """
            holidays: [2026-12-25]
            classes:
              household: {validation: {high: {limit-kw: 24}, spike: {then: off}}}
              farm:
                based-on: household
                validation: {high: {limit-kw: 100}}
                estimation: {gaps: [{up-to-hours: 2, methods: [linear]}]}
            """);

    assertThat(book.holidays()).containsExactly(LocalDate.of(2026, 12, 25));
    var household = book.of("household").validation().settings();
    var high = Objects.requireNonNull(household.get(Rule.HIGH));
    assertThat(high.thresholds()).containsEntry("limit-kw", 24.0);
    assertThat(high.then()).isEqualTo(Then.ESTIMATE);
    assertThat(book.of("household").validation().then(Rule.SPIKE)).isEqualTo(Then.OFF);
    assertThat(book.of("farm").validation().then(Rule.SPIKE)).isEqualTo(Then.OFF);
    assertThat(book.of("farm").estimation().stepFor(99_999).methods())
        .containsExactly(Method.LINEAR);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "classes: {household: {validation: {hihg: {limit-kw: 3}}}}|line 1: 'hihg' is not known here",
        "classes: {household: {validation: {high: {limit-kw: much}}}}|line 1: 'limit-kw': 'much' is no"
            + " number",
        "classes: {household: {validation: {high: {limit-kw: -3}}}}|line 1: 'limit-kw': -3 is out of"
            + " range",
        "classes: {household: {validation: {high: {then: ignore}}}}|write off, flag or estimate",
        "classes: {household: {estimation: {gaps: [{up-to-hours: 2, methods: [magic]}]}}}|'magic' is"
            + " not known",
        "classes: {farm: {based-on: stable}}|no class 'stable' stands above",
        "holidays: [25.12.2026]|is no date; write it as 2026-12-25",
        "classes: [|not YAML",
        "a: &x [*x]|Number of aliases",
        "classes: {household: {estimation: {like-days: {monday: [mondays]}}}}|'mondays' is no day",
        "classes: {household: {estimation: {typical-day: [1, 2]}}}|has 2 weights; write 24"
      })
  void aWrongFileIsRefusedWithItsLineAndRemedy(String text, String says) {
    assertThatThrownBy(() -> RuleBook.read("mine.yaml", text))
        .isInstanceOf(DataFileException.class)
        .hasMessageStartingWith("mine.yaml")
        .hasMessageContaining(says);
  }
}
