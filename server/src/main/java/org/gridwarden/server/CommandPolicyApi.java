package org.gridwarden.server;

import java.util.List;
import org.gridwarden.headend.command.PolicyDesk;
import org.gridwarden.store.PolicyBook;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** What commands go out without a second person, and how fast: read by all, changed by two. */
@RestController
@RequestMapping("/api/v1/command-policy")
class CommandPolicyApi {
  private final Office office;

  CommandPolicyApi(Office office) {
    this.office = office;
  }

  /**
   * A version of the policy.
   *
   * @param version 0 for what is in force before anybody approved any
   * @param proposed null for version 0
   * @param decided null while it is open
   * @param content a line {@code key = value} for each part
   */
  record VersionView(
      int version,
      @Nullable String proposed,
      String proposedBy,
      @Nullable String decided,
      boolean approved,
      String decidedBy,
      String reason,
      String content) {
    static VersionView of(PolicyBook.Version version) {
      return new VersionView(
          version.version(),
          version.proposed().toString(),
          version.proposedBy(),
          version.decided().map(Object::toString).orElse(null),
          version.approved(),
          version.decidedBy(),
          version.reason(),
          version.content());
    }
  }

  /** What is in force, what is proposed, and what was decided lately. */
  record PolicyView(VersionView inForce, List<VersionView> proposals, List<VersionView> decided) {}

  /** A proposal; what its content does not name stays as the first policy has it. */
  record Proposal(@Nullable String content, @Nullable String text, @Nullable String reason) {}

  /** A proposal's number. */
  record Proposed(int version) {}

  @GetMapping
  PolicyView policy() {
    PolicyDesk desk = desk();
    VersionView inForce =
        desk.version()
            .map(VersionView::of)
            .orElseGet(
                () -> new VersionView(0, null, "", null, true, "", "", desk.inForce().text()));
    List<VersionView> latest = desk.latest().stream().map(VersionView::of).toList();
    return new PolicyView(
        inForce,
        latest.stream().filter(v -> v.decided() == null).toList(),
        latest.stream().filter(v -> v.decided() != null).toList());
  }

  @PostMapping
  @ResponseStatus(HttpStatus.CREATED)
  Proposed propose(@RequestBody Proposal proposal) {
    String text = proposal.content() == null ? proposal.text() : proposal.content();
    return new Proposed(
        desk()
            .propose(
                text == null ? "" : text,
                Requests.needed("reason", proposal.reason()),
                Audit.actor()));
  }

  @PostMapping("/{version}/approve")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void approve(@PathVariable int version) {
    desk().decide(version, true, Audit.actor());
  }

  @PostMapping("/{version}/refuse")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void refuse(@PathVariable int version) {
    desk().decide(version, false, Audit.actor());
  }

  private PolicyDesk desk() {
    return office.commands().office().policyDesk();
  }
}
