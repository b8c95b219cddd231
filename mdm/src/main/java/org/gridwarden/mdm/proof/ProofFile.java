package org.gridwarden.mdm.proof;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.gridwarden.security.audit.TreeHash;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A bill with its proof, as a file: the document, to whom, the tariffs it was made by, and where it
 * and its readings stand in the tree that the office signed. Nothing is verified by parsing it.
 * Immutable.
 */
public final class ProofFile {
  /** A longer file is not read. */
  public static final int LONGEST = 64 << 20;

  static final String FORMAT = "gridwarden bill 1";

  private static final int LONGEST_TEXT = 16 << 20;
  private static final int MOST_RECORDS = 5_000;

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxDocumentLength(LONGEST)
                          .maxNestingDepth(16)
                          .maxStringLength(LONGEST_TEXT)
                          .maxNumberLength(20)
                          .maxNameLength(128)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final JsonNode raw;
  private final BillDocument bill;
  private final byte[] canonical;
  private final String checkpoint;
  private final LeafProof billProof;
  private final List<LeafProof> dayProofs = new ArrayList<>();
  private final List<String> marks = new ArrayList<>();
  private final List<LeafProof> receivedProofs = new ArrayList<>();
  private final List<Optional<List<ReceivedRecord.Message>>> messages = new ArrayList<>();
  private final Map<String, String> documents = new TreeMap<>();
  private final Optional<Addressee> addressee;

  private ProofFile(JsonNode root) throws ProofException {
    Place top = new Place("", root).object();
    if (!top.at("format").text(64).equals(FORMAT)) {
      throw new ProofException("format", "'" + FORMAT + "' is expected");
    }
    Place document = top.at("bill");
    raw = document.node();
    try {
      canonical = CanonicalJson.of(raw);
    } catch (IllegalArgumentException e) {
      throw new ProofException("bill", String.valueOf(e.getMessage()));
    }
    bill = BillDocument.parse(document);
    Place proof = top.at("proof").object();
    checkpoint = proof.at("checkpoint").text(2_048);
    billProof = LeafProof.parse(proof.at("bill"));
    for (Place day : proof.at("days").list(MOST_RECORDS)) {
      dayProofs.add(LeafProof.parse(day));
      marks.add(day.at("marks").text(8 * DayRecord.MOST_SLOTS));
    }
    for (Place day : proof.at("received").list(MOST_RECORDS)) {
      receivedProofs.add(LeafProof.parse(day));
      messages.add(day.has("messages") ? Optional.of(messages(day)) : Optional.empty());
    }
    for (Place tariff : proof.at("documents").list(1_000)) {
      documents.put(tariff.at("sha256").text(64), tariff.at("text").text(LONGEST_TEXT));
    }
    addressee =
        top.has("customer") ? Optional.of(Addressee.parse(top.at("customer"))) : Optional.empty();
    try {
      addressee.ifPresent(Addressee::commitment);
    } catch (IllegalArgumentException e) {
      throw new ProofException("customer", String.valueOf(e.getMessage()));
    }
  }

  private static List<ReceivedRecord.Message> messages(Place day) throws ProofException {
    List<ReceivedRecord.Message> messages = new ArrayList<>();
    for (Place message : day.at("messages").list(ReceivedRecord.MOST)) {
      List<Place> fields = message.list(2);
      if (fields.size() != 2) {
        throw new ProofException(message.where(), "a counter and a digest are expected");
      }
      String counter = fields.get(0).text(20);
      try {
        messages.add(
            new ReceivedRecord.Message(
                Long.parseUnsignedLong(counter),
                java.util.HexFormat.of().formatHex(fields.get(1).hex(TreeHash.LENGTH))));
      } catch (NumberFormatException e) {
        throw new ProofException(fields.get(0).where(), "a counter as a text is expected");
      }
    }
    return messages;
  }

  /**
   * Reads a file's bytes.
   *
   * @throws ProofException where they are no such file, with the place
   */
  public static ProofFile parse(byte[] bytes) throws ProofException {
    if (bytes.length > LONGEST) {
      throw new ProofException("file", "it is longer than " + (LONGEST >> 20) + " MiB");
    }
    try {
      return new ProofFile(JSON.readTree(bytes));
    } catch (JacksonException e) {
      throw new ProofException(
          "file",
          "it is no JSON as bills have it: "
              + String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse(""));
    }
  }

  /** Reads a stored document. */
  static BillDocument document(byte[] canonical) throws ProofException {
    try {
      return BillDocument.parse(new Place("bill", JSON.readTree(canonical)));
    } catch (JacksonException e) {
      throw new ProofException("bill", "it is damaged: restore a backup");
    }
  }

  /** The bill. */
  public BillDocument bill() {
    return bill;
  }

  /** SHA-256 of the document's canonical form, in hex. */
  String digest() {
    return CanonicalJson.digest(canonical);
  }

  /** The hash of a record as it stands in the file. */
  TreeHash leaf(String list, int index) {
    return CanonicalJson.leaf(raw.path(list).get(index));
  }

  String checkpoint() {
    return checkpoint;
  }

  LeafProof billProof() {
    return billProof;
  }

  List<LeafProof> dayProofs() {
    return dayProofs;
  }

  List<String> marks() {
    return marks;
  }

  List<LeafProof> receivedProofs() {
    return receivedProofs;
  }

  /** Of each day of receipt; empty where they are no longer kept. */
  List<Optional<List<ReceivedRecord.Message>>> messages() {
    return messages;
  }

  /** Tariffs and what they name, by their SHA-256 as the file says. */
  public Map<String, String> documents() {
    return documents;
  }

  /** To whom it was made out; empty where that was erased. */
  public Optional<Addressee> addressee() {
    return addressee;
  }

  /**
   * Puts a file together.
   *
   * @param canonical the document as it is stored
   * @param messages of each day of receipt; empty where they are no longer kept
   * @param documents tariffs and what they name, by their SHA-256
   */
  static ObjectNode write(
      byte[] canonical,
      BillDocument bill,
      Optional<Addressee> addressee,
      String checkpoint,
      LeafProof billProof,
      List<LeafProof> days,
      List<LeafProof> received,
      List<Optional<List<ReceivedRecord.Message>>> messages,
      Map<String, String> documents) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("format", FORMAT);
    addressee.ifPresent(a -> json.set("customer", a.json()));
    json.set("bill", JSON.readTree(canonical));
    ObjectNode proof = json.putObject("proof");
    proof.put("checkpoint", checkpoint);
    proof.set("bill", billProof.json());
    ArrayNode dayList = proof.putArray("days");
    for (int i = 0; i < days.size(); i++) {
      dayList.add(days.get(i).json().put("marks", bill.days().get(i).marks()));
    }
    ArrayNode receivedList = proof.putArray("received");
    for (int i = 0; i < received.size(); i++) {
      ObjectNode one = received.get(i).json();
      messages
          .get(i)
          .ifPresent(list -> {
            ArrayNode array = one.putArray("messages");
            for (ReceivedRecord.Message message : list) {
              array.addArray().add(Long.toUnsignedString(message.counter())).add(message.digest());
            }
          });
      receivedList.add(one);
    }
    ArrayNode texts = proof.putArray("documents");
    documents.forEach((sha256, text) -> texts.addObject().put("sha256", sha256).put("text", text));
    return json;
  }
}
