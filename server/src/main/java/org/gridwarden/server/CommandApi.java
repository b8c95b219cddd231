package org.gridwarden.server;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.security.PublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.UUID;
import org.gridwarden.core.CommandId;
import org.gridwarden.core.CommandState;
import org.gridwarden.core.Fault;
import org.gridwarden.core.MeterDirectory;
import org.gridwarden.core.MeterId;
import org.gridwarden.headend.command.CommandOffice;
import org.gridwarden.headend.command.Wish;
import org.gridwarden.security.command.ActionWords;
import org.gridwarden.security.command.Purpose;
import org.gridwarden.security.command.Signed;
import org.gridwarden.server.CommandViews.CommandView;
import org.gridwarden.server.CommandViews.ImageView;
import org.gridwarden.server.CommandViews.ReceiptView;
import org.gridwarden.server.CommandViews.StepView;
import org.gridwarden.store.CommandBook;
import org.gridwarden.store.CommandPage;
import org.gridwarden.store.CommandQuery;
import org.gridwarden.store.OperatorKeys;
import org.gridwarden.store.StoredCommand;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Commands: listed, drafted, released or refused by a second person, signed by their operator. */
@RestController
@RequestMapping("/api/v1/commands")
class CommandApi {
  private static final String GATE =
      "the meter cannot check the operator's signature: the last gate does, a process of its own"
          + " that alone holds the keys of the meter's management client";

  private final Office office;

  CommandApi(Office office) {
    this.office = office;
  }

  /**
   * A command to be drafted.
   *
   * @param meter one meter
   * @param meters or some, at most 10,000
   * @param parameters by name, as the action has them
   * @param dryRun whether to say only what would become of it
   */
  record NewCommand(
      @Nullable String meter,
      @Nullable List<String> meters,
      @Nullable String action,
      @Nullable Map<String, @Nullable Object> parameters,
      @Nullable String reason,
      @Nullable String notBefore,
      @Nullable String expires,
      @Nullable Boolean dryRun) {
    boolean dry() {
      return Boolean.TRUE.equals(dryRun);
    }
  }

  /**
   * What a command came to, or would.
   *
   * @param id null where it was not drafted
   * @param state null where it was not drafted
   * @param verdict release, quarantine or refuse
   * @param order what its operator signs, base64; null where it was not drafted
   * @param signing in which form its meter has the operator's signature checked: cose or dlms
   * @param systemTitle to which a DLMS request is addressed; empty for cose
   */
  record Outcome(
      @Nullable String id,
      String meter,
      @Nullable CommandState state,
      String verdict,
      String why,
      String due,
      String words,
      @Nullable String order,
      String signing,
      String systemTitle) {
    static Outcome of(StoredCommand command, boolean dry, MeterDirectory meters) {
      CommandViews.Form form = CommandViews.form(command, meters);
      return new Outcome(
          dry ? null : command.id().value().toString(),
          command.meter().value(),
          dry ? null : command.state(),
          switch (command.state()) {
            case RELEASED -> "release";
            case QUARANTINED -> "quarantine";
            default -> "refuse";
          },
          command.why(),
          command.due().toString(),
          ActionWords.of(CommandViews.action(command), command.meter().value()),
          dry ? null : CommandViews.order(command),
          form.signing(),
          form.systemTitle());
    }
  }

  /** Many outcomes, and how many there are of each. */
  record Outcomes(List<Outcome> items, Map<String, Integer> counts) {
    static Outcomes of(List<StoredCommand> made, boolean dry, MeterDirectory meters) {
      List<Outcome> items = made.stream().map(c -> Outcome.of(c, dry, meters)).toList();
      Map<String, Integer> counts = new LinkedHashMap<>();
      for (String verdict : List.of("release", "quarantine", "refuse")) {
        counts.put(verdict, 0);
      }
      items.forEach(item -> counts.merge(item.verdict(), 1, Integer::sum));
      return new Outcomes(items, counts);
    }
  }

  /**
   * All of one command.
   *
   * @param toBeSigned what ECDSA on P-256 with SHA-256 signs, for the caller's own key in force,
   *     base64; null where the caller has none, or the form is dlms, which says when it is signed
   * @param receipt null before it is there
   * @param gate who checks the signature where the meter cannot; null where it can
   * @param image how far the image of a firmware update has come; null where none is carried
   */
  record OneCommand(
      @JsonUnwrapped CommandView command,
      List<StepView> steps,
      @Nullable String toBeSigned,
      @Nullable ReceiptView receipt,
      @Nullable String gate,
      @Nullable ImageView image) {}

  /** A second person's release: the order as it was looked at, base64. */
  record Approval(@Nullable String order) {}

  /** A refusal. */
  record Refusal(@Nullable String reason) {}

  /**
   * An operator's signature.
   *
   * @param keyId the key's id in hexadecimal digits
   * @param signature r and s in base64
   * @param signedAt when it was made, whole seconds; needed where the command's form is dlms
   */
  record OwnSignature(
      @Nullable String keyId, @Nullable String signature, @Nullable String signedAt) {}

  /** One signature among many. */
  record OneSignature(@Nullable String id, @Nullable String signature) {}

  /**
   * Many signatures under one key.
   *
   * @param signedAt when they were made, whole seconds; needed where a command's form is dlms
   */
  record Signings(
      @Nullable String keyId, @Nullable String signedAt, @Nullable List<OneSignature> items) {}

  /**
   * What became of a signature among many.
   *
   * @param state null where it was not taken
   * @param code why not; null where it was
   */
  record SignedOne(String id, @Nullable CommandState state, Fault.@Nullable Code code, String why) {
    static SignedOne of(CommandOffice.SignOutcome outcome) {
      return switch (outcome) {
        case CommandOffice.SignOutcome.Queued q ->
            new SignedOne(q.command().id().value().toString(), q.command().state(), null, "");
        case CommandOffice.SignOutcome.NotTaken n ->
            new SignedOne(n.id().value().toString(), null, n.fault().code(), n.fault().remedy());
      };
    }
  }

  @GetMapping
  MeterApi.Page<CommandView> list(
      @RequestParam(defaultValue = "") String state,
      @RequestParam(defaultValue = "") String meter,
      @RequestParam(defaultValue = "") String word,
      @RequestParam(defaultValue = "") String by,
      @RequestParam(defaultValue = "-drafted") String sort,
      @RequestParam(defaultValue = "0") int page,
      @RequestParam(defaultValue = "50") int size) {
    CommandQuery query;
    try {
      query = CommandQuery.parse(state, meter, word, by, sort, page, size);
    } catch (IllegalArgumentException e) {
      throw Requests.wrong("query", String.valueOf(e.getMessage()));
    }
    CommandPage found = office.store().commands().page(query);
    return new MeterApi.Page<>(
        found.items().stream().map(this::view).toList(), found.total(), page, size);
  }

  @PostMapping
  ResponseEntity<Outcomes> draft(@RequestBody NewCommand fresh) {
    Wish wish =
        new Wish(
            meters(fresh),
            ActionForm.action(
                Requests.needed("action", fresh.action()),
                fresh.parameters() == null ? Map.of() : fresh.parameters()),
            fresh.dry() ? "a dry run" : Requests.needed("reason", fresh.reason()),
            instant("notBefore", fresh.notBefore()),
            instant("expires", fresh.expires()));
    CommandOffice commands = office.commands().office();
    List<StoredCommand> made =
        fresh.dry() ? commands.dryRun(wish, Audit.actor()) : commands.draft(wish, Audit.actor());
    return ResponseEntity.status(fresh.dry() ? HttpStatus.OK : HttpStatus.CREATED)
        .body(Outcomes.of(made, fresh.dry(), office.store().meters()));
  }

  private static List<MeterId> meters(NewCommand fresh) {
    List<String> names = new ArrayList<>();
    if (fresh.meter() != null) {
      names.add(fresh.meter());
    }
    if (fresh.meters() != null) {
      names.addAll(fresh.meters());
    }
    if (names.isEmpty() || names.size() > Wish.MOST) {
      throw Requests.wrong("meters", "are 1 to " + Wish.MOST);
    }
    return names.stream().map(name -> Requests.meter(Requests.needed("meters", name))).toList();
  }

  private static Optional<Instant> instant(String name, @Nullable String text) {
    return text == null || text.isBlank()
        ? Optional.empty()
        : Optional.of(Requests.instant(name, text));
  }

  @GetMapping("/{id}")
  OneCommand one(@PathVariable String id) {
    StoredCommand command = known(id);
    List<CommandBook.Step> steps = office.store().commands().steps(command.id());
    Optional<PublicKey> meterKey = office.store().meters().receiptKey(command.meter());
    return new OneCommand(
        view(command),
        steps.stream().map(StepView::of).toList(),
        toBeSigned(command),
        CommandViews.receipt(
            command, steps, office.store().meters().byId(command.meter()), meterKey),
        meterKey.isPresent() ? null : GATE,
        office.store().imageProgress().of(command.id()).map(ImageView::of).orElse(null));
  }

  /** For the newest of the caller's keys in force. */
  private @Nullable String toBeSigned(StoredCommand command) {
    if (CommandViews.form(command, office.store().meters()).isDlms()) {
      return null;
    }
    return office.commands().keys().list(Audit.actor().name()).stream()
        .filter(key -> !key.addedBy().isEmpty() && key.revoked().isEmpty())
        .findFirst()
        .map(OperatorKeys.Listed::keyId)
        .map(keyId ->
            Base64.getEncoder()
                .encodeToString(
                    Signed.toBeSigned(Purpose.ORDER, keyId, CommandOffice.order(command).bytes())))
        .orElse(null);
  }

  @PostMapping("/{id}/approve")
  CommandView approve(@PathVariable String id, @RequestBody Approval approval) {
    StoredCommand command = known(id);
    byte[] seen = base64("order", approval.order());
    return view(office.commands().office().approve(command.id(), Audit.actor(), seen));
  }

  @PostMapping("/{id}/adopt")
  CommandView adopt(@PathVariable String id) {
    StoredCommand command = known(id);
    return view(office.commands().office().adopt(command.id(), Audit.actor()));
  }

  @PostMapping("/{id}/refuse")
  CommandView refuse(@PathVariable String id, @RequestBody Refusal refusal) {
    StoredCommand command = known(id);
    String why = Requests.needed("reason", refusal.reason());
    return view(office.commands().office().refuse(command.id(), Audit.actor(), why));
  }

  @PostMapping("/{id}/sign")
  CommandView sign(@PathVariable String id, @RequestBody OwnSignature signing) {
    StoredCommand command = known(id);
    byte[] keyId = OperatorKeyApi.keyId(signing.keyId());
    byte[] signature = base64("signature", signing.signature());
    return view(
        office
            .commands()
            .office()
            .sign(
                command.id(),
                Audit.actor(),
                keyId,
                signature,
                instant("signedAt", signing.signedAt())));
  }

  @PostMapping("/sign")
  ReadingApi.Items<SignedOne> signMany(@RequestBody Signings signings) {
    List<OneSignature> items = signings.items() == null ? List.of() : signings.items();
    if (items.isEmpty() || items.size() > Wish.MOST) {
      throw Requests.wrong("items", "are 1 to " + Wish.MOST);
    }
    SequencedMap<CommandId, byte[]> signatures = new LinkedHashMap<>();
    for (OneSignature item : items) {
      signatures.put(
          id(Requests.needed("items.id", item.id())), base64("items.signature", item.signature()));
    }
    byte[] keyId = OperatorKeyApi.keyId(signings.keyId());
    return new ReadingApi.Items<>(
        office
            .commands()
            .office()
            .sign(signatures, Audit.actor(), keyId, instant("signedAt", signings.signedAt()))
            .stream()
            .map(SignedOne::of)
            .toList());
  }

  private CommandView view(StoredCommand command) {
    return CommandViews.of(command, office.store().meters());
  }

  private StoredCommand known(String id) {
    return office
        .store()
        .commands()
        .find(id(id))
        .orElseThrow(() -> FaultException.notFound("command", "there is no such command"));
  }

  static CommandId id(String text) {
    try {
      if (text.length() == 36) {
        return new CommandId(UUID.fromString(text));
      }
    } catch (IllegalArgumentException e) {
      // said below
    }
    throw FaultException.notFound("command", "there is no such command: its id is a UUID");
  }

  static byte[] base64(String name, @Nullable String text) {
    if (text == null || text.isEmpty()) {
      throw Requests.wrong(name, "is missing");
    }
    if (text.length() > 64 << 10) {
      throw Requests.wrong(name, "is too long");
    }
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw Requests.wrong(name, "is base64");
    }
  }
}
