package org.gridwarden.mdm.proof;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.gridwarden.core.MeterId;
import org.gridwarden.security.audit.TreeHash;
import org.gridwarden.store.BillBook;
import org.gridwarden.store.Evidence;
import org.gridwarden.store.EvidenceTree;
import org.gridwarden.store.Store;
import org.gridwarden.store.StoreException;
import tools.jackson.databind.node.ObjectNode;

/** Puts bills and their proofs together from the store. Thread-safe. */
public final class ProofFiles {
  private final Store store;
  private final Documents documents;

  /** Where the documents of tariffs are. */
  public interface Documents {
    /** A tariff version's document and what it names, by their SHA-256 in hex. */
    Map<String, byte[]> of(String tariff, int version);
  }

  /** Over a store. */
  public ProofFiles(Store store, Documents documents) {
    this.store = store;
    this.documents = documents;
  }

  /**
   * Reads a stored document.
   *
   * @throws ProofException where it is damaged
   */
  public static BillDocument document(byte[] canonical) throws ProofException {
    return ProofFile.document(canonical);
  }

  /**
   * A bill with its proof.
   *
   * @param messages whether raw messages are named one by one, as far as they are kept: that reads
   *     all of them
   * @return empty where no checkpoint covers it yet
   * @throws ProofException where what is stored is damaged
   */
  public Optional<ObjectNode> of(BillBook.Stored stored, boolean messages) throws ProofException {
    BillDocument bill = document(stored.document());
    Map<TreeHash, Long> indices = indices(bill);
    List<Long> days = new ArrayList<>();
    for (DayRecord day : bill.days()) {
      days.add(index(indices, day.leaf(), "day " + day.date() + " of meter " + day.meter()));
    }
    List<Long> received = new ArrayList<>();
    for (ReceivedRecord day : bill.received()) {
      received.add(
          index(indices, day.leaf(), "messages of meter " + day.meter() + ", " + day.day()));
    }
    List<Long> all = new ArrayList<>(days);
    all.addAll(received);
    all.add(stored.head().leaf());
    Optional<EvidenceTree.Proof> proof = store.evidenceTree().prove(all);
    if (proof.isEmpty()) {
      return Optional.empty();
    }
    Map<String, String> texts = new TreeMap<>();
    for (BillPart part : bill.parts()) {
      documents
          .of(part.tariff().id(), part.tariff().version())
          .forEach((sha256, bytes) -> texts.put(sha256, new String(bytes, StandardCharsets.UTF_8)));
    }
    List<Optional<List<ReceivedRecord.Message>>> named = new ArrayList<>();
    for (ReceivedRecord day : bill.received()) {
      named.add(messages ? messages(day) : Optional.empty());
    }
    return Optional.of(
        ProofFile.write(
            stored.document(),
            bill,
            stored.customer().map(Addressee::of),
            proof.get().checkpoint(),
            leaf(stored.head().leaf(), proof.get()),
            days.stream().map(i -> leaf(i, proof.get())).toList(),
            received.stream().map(i -> leaf(i, proof.get())).toList(),
            named,
            texts));
  }

  private static LeafProof leaf(long index, EvidenceTree.Proof proof) {
    return new LeafProof(index, proof.paths().getOrDefault(index, List.of()));
  }

  private Map<TreeHash, Long> indices(BillDocument bill) {
    Map<String, LocalDate[]> spans = new LinkedHashMap<>();
    for (DayRecord day : bill.days()) {
      widen(spans, day.meter(), day.date());
    }
    for (ReceivedRecord day : bill.received()) {
      widen(spans, day.meter(), day.day());
    }
    Map<TreeHash, Long> indices = new HashMap<>();
    spans.forEach((meter, span) ->
        indices.putAll(store.evidenceTree().indices(new MeterId(meter), span[0], span[1])));
    return indices;
  }

  private static void widen(Map<String, LocalDate[]> spans, String meter, LocalDate day) {
    LocalDate[] span = spans.computeIfAbsent(meter, m -> new LocalDate[] {day, day});
    span[0] = day.isBefore(span[0]) ? day : span[0];
    span[1] = day.isAfter(span[1]) ? day : span[1];
  }

  private static long index(Map<TreeHash, Long> indices, TreeHash hash, String where)
      throws ProofException {
    Long index = indices.get(hash);
    if (index == null) {
      throw new ProofException(where, "its leaf is not in the evidence tree: restore a backup");
    }
    return index;
  }

  /** The messages of a day, where they are all kept and as they were. */
  private Optional<List<ReceivedRecord.Message>> messages(ReceivedRecord day) {
    List<ReceivedRecord.Message> messages = new ArrayList<>();
    ReceivedRecord.Chain chain = new ReceivedRecord.Chain();
    try {
      for (Evidence.Raw raw : store.evidence().of(new MeterId(day.meter()), day.day())) {
        ReceivedRecord.Message message = ReceivedRecord.Message.of(raw.counter(), raw.bytes());
        messages.add(message);
        chain.add(message);
      }
    } catch (StoreException e) {
      return Optional.empty(); // a segment is damaged or gone: the digest stands
    }
    return chain.hex().equals(day.chain()) ? Optional.of(messages) : Optional.empty();
  }
}
