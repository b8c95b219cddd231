package org.gridwarden.headend.work;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.gridwarden.core.Actor;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Tx;
import org.gridwarden.store.Store;
import org.gridwarden.store.WorkEvidence;
import org.gridwarden.store.WorkOrder;

/**
 * What people decide about work in the field. Each act is audited in its own transaction, evidence
 * with its hash: the audit log then shows that a photograph was there, and is the same.
 * Thread-safe.
 */
public final class WorkDesk {
  /** The most files that one work order has. */
  public static final int MOST_FILES = 20;

  private static final int MOST_WORDS = 4_000;
  private static final int MOST_READINGS = 100;

  private final Store store;
  private final WorkPolicy policy;

  public WorkDesk(Store store, WorkPolicy policy) {
    this.store = store;
    this.policy = policy;
  }

  /** Which kinds of work there are, and what they need. */
  public WorkPolicy policy() {
    return policy;
  }

  /** Orders work. */
  public WorkOrder create(WorkOrder.What what, Actor by) {
    return told(tx -> {
      long id =
          store
              .work()
              .create(tx, what, by)
              .orElseThrow(() ->
                  new WorkFault(Fault.Code.CONFLICT, "cause", "has an order that is not closed"));
      audit(tx, by, "work.created", "order " + id + " " + what.kind());
      return id;
    });
  }

  /**
   * Names who does it.
   *
   * @param assignee empty: nobody any more
   * @throws WorkFault where there is no such order, or it is closed
   */
  public WorkOrder assign(long id, String assignee, Actor by) {
    return told(tx -> {
      open(tx, id);
      store.work().assign(tx, id, assignee);
      store.work().step(tx, id, "assigned", by, assignee.isEmpty() ? "nobody" : assignee);
      audit(tx, by, "work.assigned", "order " + id + " to " + assignee);
      return id;
    });
  }

  /**
   * Adds words to its story, closed or not.
   *
   * @throws WorkFault where there is no such order, or the words are none or too many
   */
  public WorkOrder note(long id, String words, Actor by) {
    String note = words("note", words);
    return told(tx -> {
      known(tx, id);
      store.work().step(tx, id, "note", by, note);
      return id;
    });
  }

  /**
   * Takes a photograph or a paper in. The same file twice is kept once.
   *
   * @throws WorkFault where there is no such order, it is closed, or the file is none that is taken
   */
  public WorkOrder evidence(long id, String name, byte[] content, Actor by) {
    if (content.length == 0 || content.length > EvidenceFile.MOST_BYTES) {
      throw new WorkFault(
          Fault.Code.MALFORMED,
          "file",
          "has 1 to " + EvidenceFile.MOST_BYTES + " bytes: take a smaller picture");
    }
    String type =
        EvidenceFile.typeOf(content)
            .orElseThrow(() ->
                new WorkFault(
                    Fault.Code.MALFORMED, "file", "is a JPEG, PNG or WebP picture, or a PDF"));
    EvidenceFile file = new EvidenceFile(EvidenceFile.plain(name), type, content);
    return told(tx -> {
      open(tx, id);
      if (store.workEvidence().of(id).size() >= MOST_FILES) {
        throw new WorkFault(
            Fault.Code.CONFLICT, "order " + id, "has " + MOST_FILES + " files already");
      }
      byte[] hash = file.sha256();
      if (store.workEvidence().add(tx, id, file.name(), type, hash, content, by)) {
        store.work().step(tx, id, "evidence", by, file.name());
        audit(tx, by, "work.evidence", "order " + id + " sha256 " + HexFormat.of().formatHex(hash));
      }
      return id;
    });
  }

  /**
   * Closes it.
   *
   * @param as done or cancelled
   * @param note what was done and found, or why it is not to be done
   * @param readings what the meter showed
   * @throws WorkFault where there is no such order, it is closed, or what its kind needs as
   *     evidence is not there
   */
  public WorkOrder close(
      long id, WorkOrder.State as, String note, List<WorkEvidence.Read> readings, Actor by) {
    String words = words("note", note);
    if (!as.ended()) {
      throw new IllegalArgumentException("work ends done or cancelled, not " + as.word());
    }
    if (readings.size() > MOST_READINGS) {
      throw new WorkFault(
          Fault.Code.MALFORMED, "readings", "are at most " + MOST_READINGS + " at once");
    }
    return told(tx -> {
      WorkOrder order = open(tx, id);
      if (as == WorkOrder.State.DONE) {
        needed(order, readings);
      }
      store.workEvidence().read(tx, id, readings);
      store.work().close(tx, id, as, by);
      store.work().step(tx, id, as.word(), by, words);
      audit(tx, by, "work." + as.word(), "order " + id + ": " + words);
      return id;
    });
  }

  private void needed(WorkOrder order, List<WorkEvidence.Read> readings) {
    for (WorkPolicy.Need need : policy.needs(order.what().kind())) {
      boolean there =
          switch (need) {
            case FILE -> !store.workEvidence().of(order.id()).isEmpty();
            case READINGS -> !readings.isEmpty();
          };
      if (!there) {
        throw new WorkFault(
            Fault.Code.CONFLICT,
            need == WorkPolicy.Need.FILE ? "evidence" : "readings",
            need == WorkPolicy.Need.FILE
                ? "work of the kind " + order.what().kind() + " is done with a photograph: add one"
                : "work of the kind "
                    + order.what().kind()
                    + " is done with what the meter showed");
      }
    }
  }

  private WorkOrder open(Tx tx, long id) {
    WorkOrder order = known(tx, id);
    if (order.state().ended()) {
      throw new WorkFault(Fault.Code.CONFLICT, "order " + id, "is closed: order other work");
    }
    return order;
  }

  private WorkOrder known(Tx tx, long id) {
    return store
        .work()
        .hold(tx, id)
        .orElseThrow(() ->
            new WorkFault(Fault.Code.MALFORMED, "order " + id, "there is no such work order"));
  }

  private static String words(String where, String words) {
    String note = words.strip();
    if (note.isEmpty() || note.length() > MOST_WORDS) {
      throw new WorkFault(Fault.Code.MALFORMED, where, "has 1 to " + MOST_WORDS + " characters");
    }
    return note;
  }

  private WorkOrder told(Function<Tx, Long> act) {
    Optional<WorkOrder> order = store.work().find(store.unitOfWork().call(act));
    return order.orElseThrow();
  }

  private void audit(Tx tx, Actor by, String action, String detail) {
    store.auditLog().append(tx, by, action, detail.getBytes(StandardCharsets.UTF_8));
  }
}
