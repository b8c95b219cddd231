package org.gridwarden.server;

import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.gridwarden.core.Fault;
import org.gridwarden.security.audit.ClearText;
import org.gridwarden.security.audit.LogEntry;
import org.gridwarden.security.audit.TreeHash;
import org.gridwarden.store.AuditTrail;
import org.gridwarden.store.AuditTree;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/** What people did, and the proof that nothing of it was changed (RFC 9162). */
@RestController
@RequestMapping("/api/v1/audit")
class AuditApi {
  static final String LINES = "application/x-ndjson";

  private final Office office;
  private final JsonMapper json;

  AuditApi(Office office, JsonMapper json) {
    this.office = office;
    this.json = json;
  }

  /** An entry of the audit log. */
  record AuditView(long id, String at, String kind, String who, String action, String detail) {
    static AuditView of(AuditTrail.Entry entry) {
      return new AuditView(
          entry.id(),
          entry.at().toString(),
          entry.who().kind().name(),
          entry.who().name(),
          entry.action(),
          entry.detail());
    }
  }

  /**
   * A part of an entry in the clear, with the salt of the commitment that stands in the log.
   *
   * @param text in base64
   * @param salt in base64
   */
  record ClearView(String text, String salt) {
    static @Nullable ClearView of(Optional<ClearText.Part> part) {
      Base64.Encoder base64 = Base64.getEncoder();
      return part.map(
              p -> new ClearView(base64.encodeToString(p.text()), base64.encodeToString(p.salt())))
          .orElse(null);
    }
  }

  /**
   * An entry in the log's own form: its leaf follows from it. The detail is in base64. Who and
   * detail are commitments; what was not erased stands in the clear beside them.
   */
  record EntryView(
      long leaf,
      long id,
      String at,
      String kind,
      String who,
      String action,
      String detail,
      @Nullable ClearView clearWho,
      @Nullable ClearView clearDetail) {
    static EntryView of(long leaf, LogEntry entry, ClearText clear) {
      return new EntryView(
          leaf,
          entry.id(),
          entry.at().toString(),
          entry.who().kind().name(),
          entry.who().name(),
          entry.action(),
          Base64.getEncoder().encodeToString(entry.detail()),
          ClearView.of(clear.who()),
          ClearView.of(clear.detail()));
    }
  }

  /**
   * That an entry stands in the log that the office signed.
   *
   * @param path hashes in hex, from the leaf's sibling upwards
   * @param checkpoint the signed checkpoint, as text
   */
  record ProofView(EntryView entry, long size, List<String> path, String checkpoint) {}

  @GetMapping
  ReadingApi.Items<AuditView> audit(
      @RequestParam @Nullable Long before, @RequestParam(defaultValue = "100") int size) {
    long smaller = before == null ? Long.MAX_VALUE : before;
    List<AuditTrail.Entry> entries =
        office.store().auditTrail().before(smaller, Requests.within("size", size, 1, 1_000));
    return new ReadingApi.Items<>(entries.stream().map(AuditView::of).toList());
  }

  @GetMapping(path = "/key", produces = MediaType.TEXT_PLAIN_VALUE)
  String key() {
    return office.notary().publicPem();
  }

  @GetMapping(path = "/checkpoint", produces = MediaType.TEXT_PLAIN_VALUE)
  String checkpoint() {
    office.notary().look();
    return office.store().auditTree().latest().orElse("");
  }

  @GetMapping("/{id}/proof")
  ProofView proof(@PathVariable long id) {
    Optional<AuditTree.Proof> found = office.store().auditTree().prove(id);
    if (found.isEmpty()) {
      office.notary().look(); // it may be younger than the last look
      found = office.store().auditTree().prove(id);
    }
    AuditTree.Proof proof =
        found.orElseThrow(() ->
            new FaultException(
                Fault.Code.CONFLICT, "id", "the audit log has no entry of this number"));
    return new ProofView(
        EntryView.of(proof.leaf().leaf(), proof.leaf().entry(), proof.leaf().clear()),
        proof.size(),
        proof.path().stream().map(TreeHash::toString).toList(),
        proof.checkpoint());
  }

  @ApiResponse(
      responseCode = "200",
      content = @Content(mediaType = LINES, schema = @Schema(type = "string")))
  @GetMapping(path = "/log", produces = LINES)
  void log(HttpServletResponse response) throws IOException {
    office.notary().look();
    response.setContentType(LINES);
    try (JsonGenerator out = json.createGenerator(response.getOutputStream())) {
      for (String checkpoint : office.store().auditTree().checkpoints()) {
        out.writeStartObject();
        out.writeStringProperty("checkpoint", checkpoint);
        out.writeEndObject();
        out.writeRaw('\n');
      }
      office
          .store()
          .auditTree()
          .walk((leaf, entry, clear) -> {
            if (entry.isPresent()) {
              out.writePOJO(EntryView.of(leaf, entry.get(), clear));
            } else {
              out.writeStartObject();
              out.writeNumberProperty("leaf", leaf);
              out.writeStringProperty("missing", "the tree has a leaf here, the log no entry");
              out.writeEndObject();
            }
            out.writeRaw('\n');
          });
    }
  }
}
