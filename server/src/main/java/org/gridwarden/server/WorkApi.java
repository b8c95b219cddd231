package org.gridwarden.server;

import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Severity;
import org.gridwarden.headend.work.EvidenceFile;
import org.gridwarden.headend.work.WorkPolicy;
import org.gridwarden.security.access.Permission;
import org.gridwarden.store.User;
import org.gridwarden.store.WorkBook;
import org.gridwarden.store.WorkEvidence;
import org.gridwarden.store.WorkOrder;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Work in the field: ordered, assigned, closed with evidence. */
@RestController
@RequestMapping("/api/v1/work")
class WorkApi {
  /** Who can be named for work. */
  private static final Set<Permission> FITTERS =
      EnumSet.of(Permission.OPERATE, Permission.MANAGE_METERS);

  private final Office office;
  private final Accounts accounts;

  WorkApi(Office office, Accounts accounts) {
    this.office = office;
    this.accounts = accounts;
  }

  /**
   * A work order as lists show it.
   *
   * @param cause the happening that asked for it; empty: a person did
   * @param state open, assigned, done or cancelled
   */
  record WorkView(
      long id,
      String kind,
      String title,
      String severity,
      @Schema(types = {"string", "null"}) @Nullable String meter,
      String servicePoint,
      String cause,
      String state,
      String assignee,
      String created,
      String createdBy,
      @Schema(types = {"string", "null"}) @Nullable String due,
      @Schema(types = {"string", "null"}) @Nullable String closed,
      String closedBy) {
    static WorkView of(WorkOrder order) {
      WorkOrder.What what = order.what();
      return new WorkView(
          order.id(),
          what.kind(),
          what.title(),
          what.severity().name(),
          what.meter().map(MeterId::value).orElse(null),
          what.servicePoint(),
          what.cause(),
          order.state().word(),
          order.assignee(),
          order.created().toString(),
          order.createdBy(),
          what.due().map(Object::toString).orElse(null),
          order.closed().map(Object::toString).orElse(null),
          order.closedBy());
    }
  }

  /** A line of a work order's story. */
  record WorkStep(String at, String what, String actor, String actorKind, String note) {
    static WorkStep of(WorkBook.Step step) {
      return new WorkStep(
          step.at().toString(),
          step.what(),
          step.who().name(),
          step.who().kind().name().toLowerCase(Locale.ROOT),
          step.note());
    }
  }

  /** A file that shows that it was done; its hash is in the audit log, too. */
  record FileView(
      long id, String at, String name, String type, long size, String sha256, String by) {
    static FileView of(WorkEvidence.Item item) {
      return new FileView(
          item.id(),
          item.at().toString(),
          item.name(),
          item.type(),
          item.size(),
          item.sha256(),
          item.by());
    }
  }

  /** What a fitter read off a meter; value is a decimal string. */
  record ReadOff(
      @Nullable String meter,
      @Nullable String channel,
      @Nullable String value,
      @Nullable String unit,
      @Nullable String at) {
    static ReadOff of(WorkEvidence.Read read) {
      return new ReadOff(
          read.meter().value(),
          read.code().toString(),
          read.value().toPlainString(),
          read.unit(),
          read.at().toString());
    }
  }

  /**
   * A work order with its story and its evidence; needs says what is needed to close it as done.
   */
  record WholeWork(
      WorkView about,
      List<String> needs,
      List<WorkStep> steps,
      List<FileView> files,
      List<ReadOff> readings) {}

  /** Work that a person orders. */
  record NewWork(
      @Nullable String kind,
      @Nullable String title,
      @Nullable String severity,
      @Nullable String meter,
      @Nullable String servicePoint,
      @Nullable String due) {}

  /** Who does it; empty: nobody any more. */
  record Assignment(@Nullable String assignee) {}

  /** Words to it. */
  record WorkNote(@Nullable String note) {}

  /** How it ended, done or cancelled, what was done, and what the meter showed. */
  record WorkEnd(@Nullable String as, @Nullable String note, @Nullable List<ReadOff> readings) {}

  /** The kinds of work that there are, and who can be named for it. */
  record WorkWords(List<String> kinds, List<String> people) {}

  @GetMapping
  MeterApi.Page<WorkView> list(
      @RequestParam(defaultValue = "open,assigned") String state,
      @RequestParam(defaultValue = "") String assignee,
      @RequestParam @Nullable String meter,
      @RequestParam(defaultValue = "") String servicePoint,
      @RequestParam(defaultValue = "0") int page,
      @RequestParam(defaultValue = "50") int size) {
    WorkBook.Page found =
        office
            .store()
            .work()
            .page(
                new WorkBook.Query(
                    states(state),
                    assignee,
                    meter == null || meter.isBlank()
                        ? Optional.empty()
                        : Optional.of(Requests.meter(meter)),
                    servicePoint.isEmpty() ? Set.of() : Set.of(servicePoint)),
                Requests.within("page", page, 0, 100_000),
                Requests.within("size", size, 1, 1_000));
    return new MeterApi.Page<>(
        found.items().stream().map(WorkView::of).toList(), found.total(), page, size);
  }

  @GetMapping("/words")
  WorkWords words() {
    return new WorkWords(
        office.back().work().policy().kinds(),
        accounts.all().stream()
            .filter(user -> !user.disabled() && fits(user))
            .map(User::name)
            .sorted()
            .toList());
  }

  @PostMapping
  WholeWork create(@org.springframework.web.bind.annotation.RequestBody NewWork body) {
    Optional<MeterId> meter =
        body.meter() == null || body.meter().isBlank()
            ? Optional.empty()
            : Optional.of(office.known(body.meter()).id());
    String point = body.servicePoint() == null ? "" : body.servicePoint().strip();
    if (point.isEmpty() && meter.isPresent()) {
      point = office.store().meters().row(meter.get()).map(r -> r.servicePoint()).orElse("");
    }
    if (point.isEmpty() && meter.isEmpty()) {
      throw Requests.wrong("meter", "or a service point says where the work is");
    }
    String where = point;
    WorkOrder.What what =
        checked(() ->
            new WorkOrder.What(
                Requests.needed("kind", body.kind()),
                Requests.needed("title", body.title()),
                severity(body.severity()),
                meter,
                where,
                "",
                body.due() == null || body.due().isBlank()
                    ? Optional.empty()
                    : Optional.of(Requests.instant("due", body.due()))));
    return whole(office.back().work().create(what, Audit.actor()));
  }

  @GetMapping("/{id}")
  WholeWork one(@PathVariable long id) {
    return whole(known(id));
  }

  @PostMapping("/{id}/assign")
  WholeWork assign(
      @PathVariable long id, @org.springframework.web.bind.annotation.RequestBody Assignment body) {
    known(id);
    String name = body.assignee() == null ? "" : body.assignee().strip();
    if (!name.isEmpty()) {
      name =
          accounts
              .find(name)
              .filter(this::fits)
              .map(User::name)
              .orElseThrow(
                  () -> Requests.wrong("assignee", "is a user who operates or takes meters in"));
    }
    return whole(office.back().work().assign(id, name, Audit.actor()));
  }

  @PostMapping("/{id}/note")
  WholeWork note(
      @PathVariable long id, @org.springframework.web.bind.annotation.RequestBody WorkNote body) {
    known(id);
    return whole(
        office.back().work().note(id, Requests.needed("note", body.note()), Audit.actor()));
  }

  @RequestBody(
      required = true,
      content = {
        @Content(
            mediaType = "application/octet-stream",
            schema = @Schema(type = "string", format = "binary"))
      })
  @PostMapping("/{id}/evidence")
  WholeWork evidence(
      @PathVariable long id,
      @RequestParam(defaultValue = "file") String name,
      HttpServletRequest request)
      throws IOException {
    known(id);
    byte[] content;
    try (InputStream body = request.getInputStream()) {
      content = body.readNBytes(EvidenceFile.MOST_BYTES + 1);
    } catch (LimitedBody.TooLargeException e) {
      throw BodyLimits.tooLarge(EvidenceFile.MOST_BYTES);
    }
    return whole(
        office.back().work().evidence(id, Requests.needed("name", name), content, Audit.actor()));
  }

  @ApiResponse(
      responseCode = "200",
      content =
          @Content(
              mediaType = "application/octet-stream",
              schema = @Schema(type = "string", format = "binary")))
  @GetMapping("/{id}/evidence/{file}")
  ResponseEntity<byte[]> file(@PathVariable long id, @PathVariable long file) {
    WorkEvidence.Item item =
        office.store().workEvidence().of(id).stream()
            .filter(one -> one.id() == file)
            .findFirst()
            .orElseThrow(() -> FaultException.notFound("file " + file, "there is no such file"));
    byte[] content =
        office
            .store()
            .workEvidence()
            .content(id, file)
            .orElseThrow(() -> FaultException.notFound("file " + file, "there is no such file"));
    return ResponseEntity.ok()
        .contentType(MediaType.parseMediaType(item.type()))
        .header(
            HttpHeaders.CONTENT_DISPOSITION,
            ContentDisposition.attachment()
                .filename(item.name(), StandardCharsets.UTF_8)
                .build()
                .toString())
        .body(content);
  }

  @PostMapping("/{id}/close")
  WholeWork close(
      @PathVariable long id, @org.springframework.web.bind.annotation.RequestBody WorkEnd body) {
    WorkOrder order = known(id);
    WorkOrder.State as =
        switch (Requests.needed("as", body.as())) {
          case "done" -> WorkOrder.State.DONE;
          case "cancelled" -> WorkOrder.State.CANCELLED;
          default -> throw Requests.wrong("as", "is done or cancelled");
        };
    List<WorkEvidence.Read> readings = new ArrayList<>();
    for (ReadOff read : body.readings() == null ? List.<ReadOff>of() : body.readings()) {
      readings.add(read(order, read));
    }
    return whole(
        office
            .back()
            .work()
            .close(id, as, Requests.needed("note", body.note()), readings, Audit.actor()));
  }

  private WorkEvidence.Read read(WorkOrder order, @Nullable ReadOff read) {
    if (read == null) {
      throw Requests.wrong("readings", "are objects");
    }
    String value = Requests.needed("value", read.value());
    if (!value.matches("-?[0-9]{1,15}([.][0-9]{1,9})?")) {
      throw Requests.wrong("value", "is a decimal number such as 12345.6");
    }
    String unit = read.unit() == null || read.unit().isBlank() ? "kWh" : read.unit().strip();
    if (unit.length() > 16) {
      throw Requests.wrong("unit", "has at most 16 characters");
    }
    MeterId meter =
        read.meter() == null || read.meter().isBlank()
            ? order
                .what()
                .meter()
                .orElseThrow(() -> Requests.wrong("meter", "says whose register it is"))
            : Requests.meter(read.meter());
    String channel =
        read.channel() == null || read.channel().isBlank() ? "1.0.1.8.0.255" : read.channel();
    Instant at =
        read.at() == null || read.at().isBlank()
            ? office.clock().instant()
            : Requests.instant("at", read.at());
    return new WorkEvidence.Read(meter, Requests.obis(channel), new BigDecimal(value), unit, at);
  }

  private boolean fits(User user) {
    return accounts.permissions(user).stream().anyMatch(FITTERS::contains);
  }

  private WholeWork whole(WorkOrder order) {
    return new WholeWork(
        WorkView.of(order),
        office.back().work().policy().needs(order.what().kind()).stream()
            .map((WorkPolicy.Need need) -> need.name().toLowerCase(Locale.ROOT))
            .sorted()
            .toList(),
        office.store().work().story(order.id()).stream().map(WorkStep::of).toList(),
        office.store().workEvidence().of(order.id()).stream().map(FileView::of).toList(),
        office.store().workEvidence().readings(order.id()).stream().map(ReadOff::of).toList());
  }

  private WorkOrder known(long id) {
    return office
        .store()
        .work()
        .find(id)
        .orElseThrow(() -> FaultException.notFound("order " + id, "there is no such work order"));
  }

  private static Severity severity(@Nullable String word) {
    if (word == null || word.isBlank()) {
      return Severity.ATTENTION;
    }
    try {
      return Severity.valueOf(word.strip().toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw Requests.wrong("severity", "is info, attention, fault or critical");
    }
  }

  private static Set<WorkOrder.State> states(String words) {
    Set<WorkOrder.State> states = EnumSet.noneOf(WorkOrder.State.class);
    for (String word : words.split(",", 8)) {
      if (!word.isBlank()) {
        states.add(
            Arrays.stream(WorkOrder.State.values())
                .filter(state -> state.word().equals(word.strip()))
                .findFirst()
                .orElseThrow(() ->
                    Requests.wrong(
                        "state", "is of open, assigned, done, cancelled, with commas between")));
      }
    }
    return states;
  }

  private static <T> T checked(Supplier<T> work) {
    try {
      return work.get();
    } catch (IllegalArgumentException e) {
      throw Requests.wrong("work", String.valueOf(e.getMessage()));
    }
  }
}
