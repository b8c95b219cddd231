package org.gridwarden.server;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Severity;
import org.gridwarden.store.Alarm;
import org.gridwarden.store.Alarms;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What is wrong now. */
@RestController
@RequestMapping("/api/v1/alarms")
class AlarmApi {
  private final Office office;

  AlarmApi(Office office) {
    this.office = office;
  }

  /** An alarm; without a meter, a storm of many. */
  record AlarmView(
      long id,
      @Nullable String meter,
      String word,
      String severity,
      String text,
      String state,
      long count,
      long meters,
      String first,
      String last,
      String raised,
      @Nullable String over,
      List<String> sources,
      String acknowledgedBy,
      @Nullable Long caseId) {
    static AlarmView of(Alarm alarm) {
      return new AlarmView(
          alarm.id(),
          alarm.meter().map(MeterId::value).orElse(null),
          alarm.word(),
          alarm.severity().name(),
          alarm.text(),
          alarm.state().name().toLowerCase(Locale.ROOT),
          alarm.count(),
          alarm.meters(),
          alarm.first().toString(),
          alarm.last().toString(),
          alarm.raised().toString(),
          alarm.over().map(Object::toString).orElse(null),
          alarm.sources().stream().map(s -> s.name().toLowerCase(Locale.ROOT)).sorted().toList(),
          alarm.acknowledgedBy(),
          alarm.caseId().orElse(null));
    }
  }

  @GetMapping
  MeterApi.Page<AlarmView> alarms(
      @RequestParam(defaultValue = "open,acknowledged") String state,
      @RequestParam(defaultValue = "") String severity,
      @RequestParam @Nullable String meter,
      @RequestParam(defaultValue = "") String word,
      @RequestParam(defaultValue = "0") int page,
      @RequestParam(defaultValue = "50") int size) {
    Optional<MeterId> of =
        meter == null || meter.isEmpty() ? Optional.empty() : Optional.of(Requests.meter(meter));
    Alarms.Page found =
        office
            .store()
            .alarms()
            .page(
                new Alarms.Query(
                    words("state", state, Alarm.State.class),
                    words("severity", severity, Severity.class),
                    of,
                    word.length() > 100 ? word.substring(0, 100) : word),
                Requests.within("page", page, 0, 100_000),
                Requests.within("size", size, 1, 1_000));
    return new MeterApi.Page<>(
        found.items().stream().map(AlarmView::of).toList(), found.total(), page, size);
  }

  @PostMapping("/{id}/acknowledge")
  AlarmView acknowledge(@PathVariable long id) {
    if (office.store().alarms().find(id).isEmpty()) {
      throw FaultException.notFound("alarm " + id, "there is no such alarm");
    }
    return AlarmView.of(office.cases().acknowledge(id, Audit.actor()));
  }

  private static <E extends Enum<E>> Set<E> words(String name, String text, Class<E> type) {
    Set<E> words = EnumSet.noneOf(type);
    for (String word : text.split(",")) {
      if (!word.isBlank()) {
        try {
          words.add(Enum.valueOf(type, word.strip().toUpperCase(Locale.ROOT)));
        } catch (IllegalArgumentException e) {
          throw Requests.wrong(
              name,
              "is of "
                  + EnumSet.allOf(type).toString().toLowerCase(Locale.ROOT)
                  + ", with commas between");
        }
      }
    }
    return words;
  }
}
