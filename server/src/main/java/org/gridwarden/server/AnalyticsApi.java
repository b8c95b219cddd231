package org.gridwarden.server;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.YearMonth;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.function.Function;
import org.gridwarden.mdm.analytics.Analytics;
import org.gridwarden.mdm.analytics.Dimension;
import org.gridwarden.mdm.analytics.Figures;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Figures of groups of households, on pseudonyms; none of a single one (C32). */
@RestController
@RequestMapping("/api/v1/analytics")
class AnalyticsApi {
  private final Office office;

  AnalyticsApi(Office office) {
    this.office = office;
  }

  /**
   * A month's groups.
   *
   * @param dimension all, tariff, zone, feeder or area
   * @param leastGroup with how many households a group is told at least
   * @param groups each of them, hidden ones by their name alone
   */
  record GroupsView<T>(String month, String dimension, int leastGroup, List<T> groups) {}

  /**
   * A group in a few figures.
   *
   * @param group empty where the office does not know it, and for all together
   * @param hidden whether its figures could tell of a single household
   * @param households how many at least; rounded down to fives
   * @param dailyKwh what one takes in a day
   * @param baseW the least hour of their own days
   * @param peakW the highest hour of the group's mean day, by household
   * @param peakHour which hour that is
   * @param ownPeakW the highest hour of their own days
   */
  record SummaryView(
      String group,
      boolean hidden,
      @Nullable Integer households,
      @Nullable String dailyKwh,
      @Nullable String baseW,
      @Nullable String peakW,
      @Nullable Integer peakHour,
      @Nullable String ownPeakW) {
    static SummaryView of(Figures.Group<Figures.Summary> group) {
      return group
          .told()
          .map(s ->
              new SummaryView(
                  group.name(),
                  false,
                  s.households(),
                  s.dailyKwh().toPlainString(),
                  s.baseW().toPlainString(),
                  s.peakW().toPlainString(),
                  s.peakHour(),
                  s.ownPeakW().toPlainString()))
          .orElse(new SummaryView(group.name(), true, null, null, null, null, null, null));
    }
  }

  /**
   * A group's mean day, by household.
   *
   * @param workday 24 means in W, Monday to Friday
   * @param weekend 24 means in W, Saturday and Sunday
   */
  record ProfileView(
      String group,
      boolean hidden,
      @Nullable Integer households,
      List<String> workday,
      List<String> weekend) {
    static ProfileView of(Figures.Group<Figures.Profile> group) {
      return group
          .told()
          .map(p ->
              new ProfileView(
                  group.name(), false, p.households(), plain(p.workday()), plain(p.weekend())))
          .orElse(new ProfileView(group.name(), true, null, List.of(), List.of()));
    }
  }

  /**
   * Households that take so much a day.
   *
   * @param fromKwh inclusive
   * @param toKwh exclusive; missing where it is open
   */
  record BinView(int fromKwh, @Nullable Integer toKwh, int households) {}

  /** How a group's households spread over what they take in a day. */
  record DistributionView(
      String group, boolean hidden, @Nullable Integer households, List<BinView> bins) {
    static DistributionView of(Figures.Group<Figures.Distribution> group) {
      return group
          .told()
          .map(d ->
              new DistributionView(
                  group.name(),
                  false,
                  d.households(),
                  d.bins().stream()
                      .map(b -> new BinView(b.fromKwh(), b.toKwh().orElse(null), b.households()))
                      .toList()))
          .orElse(new DistributionView(group.name(), true, null, List.of()));
    }
  }

  @GetMapping("/groups")
  GroupsView<SummaryView> groups(
      @RequestParam(defaultValue = "") String month,
      @RequestParam(defaultValue = "tariff") String dimension) {
    return view(analytics().groups(month(month), dimension(dimension)), SummaryView::of);
  }

  @GetMapping("/profile")
  GroupsView<ProfileView> profile(
      @RequestParam(defaultValue = "") String month,
      @RequestParam(defaultValue = "tariff") String dimension) {
    return view(analytics().profiles(month(month), dimension(dimension)), ProfileView::of);
  }

  @GetMapping("/distribution")
  GroupsView<DistributionView> distribution(
      @RequestParam(defaultValue = "") String month,
      @RequestParam(defaultValue = "tariff") String dimension) {
    return view(
        analytics().distributions(month(month), dimension(dimension)), DistributionView::of);
  }

  @PostMapping("/key/replace")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void replaceKey() {
    office.analytics().replaceKey();
    Audit.note(office, "analytics.key.replaced", "pseudonyms".getBytes(StandardCharsets.UTF_8));
  }

  private Analytics analytics() {
    return office.analytics().analytics();
  }

  private YearMonth month(String text) {
    YearMonth last = analytics().lastMonth();
    try {
      YearMonth month = text.isEmpty() ? last : YearMonth.parse(text);
      if (month.isAfter(last)) {
        throw Requests.wrong("month", "is over: the last one is " + last);
      }
      return month;
    } catch (DateTimeParseException e) {
      throw Requests.wrong("month", "is a month such as " + last);
    }
  }

  private static Dimension dimension(String word) {
    return Dimension.of(word)
        .orElseThrow(() -> Requests.wrong("dimension", "is all, tariff, zone, feeder or area"));
  }

  private static <T, V> GroupsView<V> view(Figures<T> figures, Function<Figures.Group<T>, V> of) {
    return new GroupsView<>(
        figures.month().toString(),
        figures.by().word(),
        figures.leastGroup(),
        figures.groups().stream().map(of).toList());
  }

  private static List<String> plain(List<BigDecimal> values) {
    return values.stream().map(BigDecimal::toPlainString).toList();
  }
}
