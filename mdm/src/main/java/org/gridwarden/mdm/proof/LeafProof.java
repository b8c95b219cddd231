package org.gridwarden.mdm.proof;

import java.util.ArrayList;
import java.util.List;
import org.gridwarden.security.audit.Checkpoint;
import org.gridwarden.security.audit.MerkleTree;
import org.gridwarden.security.audit.TreeHash;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * That a leaf stands in the evidence tree.
 *
 * @param leaf its index
 * @param path hashes from its sibling to the root's
 */
record LeafProof(long leaf, List<TreeHash> path) {
  LeafProof {
    path = List.copyOf(path);
  }

  /** Whether a leaf with this hash stands there. */
  boolean shows(TreeHash hash, Checkpoint checkpoint) {
    return MerkleTree.includes(checkpoint.root(), checkpoint.size(), leaf, hash, path);
  }

  ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("leaf", leaf);
    ArrayNode list = json.putArray("path");
    path.forEach(hash -> list.add(hash.toString()));
    return json;
  }

  static LeafProof parse(Place at) throws ProofException {
    at.object();
    List<TreeHash> path = new ArrayList<>();
    for (Place hash : at.at("path").list(64)) {
      path.add(TreeHash.of(hash.hex(TreeHash.LENGTH)));
    }
    return new LeafProof(at.at("leaf").number(0, CanonicalJson.MOST), path);
  }
}
