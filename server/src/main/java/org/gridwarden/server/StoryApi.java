package org.gridwarden.server;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.gridwarden.store.MeterTerm;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** One consumer's whole story: what happened at the account, its service points and its meters. */
@RestController
@RequestMapping("/api/v1/accounts/{id}/story")
class StoryApi {
  private final Office office;

  StoryApi(Office office) {
    this.office = office;
  }

  /**
   * A line of the story.
   *
   * @param kind account, meter, event, case, command, work or validation
   * @param level info, attention, fault, critical or security
   * @param who who did it; empty where it happened by itself
   * @param meter the meter that it is about; empty where it is about none
   * @param about the number or id of what it tells of, by kind; empty where it has none
   */
  record StoryLine(
      String at, String kind, String level, String text, String who, String meter, String about) {
    static StoryLine of(CustomerStory.Line line) {
      return new StoryLine(
          line.at().toString(),
          line.kind(),
          line.level(),
          line.text(),
          line.who(),
          line.meter(),
          line.about());
    }
  }

  /**
   * A meter's time at a service point while the account was supplied there.
   *
   * @param until exclusive; null while it goes on
   */
  record TermView(
      String servicePoint,
      String meter,
      String since,
      @Schema(types = {"string", "null"}) @Nullable String until) {
    static TermView of(MeterTerm term) {
      return new TermView(
          term.servicePoint(),
          term.meter().value(),
          term.since().toString(),
          term.until().map(Object::toString).orElse(null));
    }
  }

  /**
   * The latest lines before an instant.
   *
   * @param zone the wall clock of its latest meter; UTC where it has none
   * @param older asks for the lines before these; null where there are none
   */
  record Story(
      String zone,
      List<TermView> meters,
      List<StoryLine> lines,
      @Schema(types = {"string", "null"}) @Nullable String older) {}

  @GetMapping
  Story story(
      @PathVariable String id,
      @RequestParam @Nullable String to,
      @RequestParam(defaultValue = "100") int size) {
    if (office.store().accounts().find(id).isEmpty()) {
      throw FaultException.notFound("account", "there is no such account");
    }
    Instant before =
        Optional.ofNullable(to)
            .filter(text -> !text.isBlank())
            .map(text -> Requests.instant("to", text))
            .orElse(Instant.parse("9999-01-01T00:00:00Z"));
    CustomerStory story = CustomerStory.of(office.store(), id);
    List<CustomerStory.Line> lines =
        story.before(before, Requests.within("size", size, 1, 500) + 1);
    boolean more = lines.size() > size;
    List<CustomerStory.Line> shown = more ? lines.subList(0, size) : lines;
    return new Story(
        story.terms().reversed().stream()
            .flatMap(term -> office.store().meters().byId(term.meter()).stream())
            .findFirst()
            .map(meter -> meter.zone().getId())
            .orElse("UTC"),
        story.terms().stream().map(TermView::of).toList(),
        shown.stream().map(StoryLine::of).toList(),
        more ? shown.getLast().at().toString() : null);
  }
}
