package org.gridwarden.security.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class MerkleTreeTest {
  /**
   * The eight leaves that the tests of certificate transparency's first implementation use, with
   * the roots of their first one to eight (google/certificate-transparency, merkletree tests,
   * Apache-2.0).
   */
  private static final List<String> LEAVES =
      List.of(
          "",
          "00",
          "10",
          "2021",
          "3031",
          "40414243",
          "5051525354555657",
          "606162636465666768696A6B6C6D6E6F");

  private static final List<String> ROOTS =
      List.of(
          "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
          "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
          "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
          "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
          "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
          "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
          "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
          "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");

  private static TreeHash node(List<TreeHash> leaves, int level, long index) {
    return level == 0
        ? leaves.get(Math.toIntExact(index))
        : TreeHash.node(node(leaves, level - 1, 2 * index), node(leaves, level - 1, 2 * index + 1));
  }

  private static List<TreeHash> leaves(int count) {
    List<TreeHash> leaves = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      leaves.add(TreeHash.leaf(ByteBuffer.allocate(4).putInt(i).array()));
    }
    return leaves;
  }

  @Test
  @DisplayName("C26: the published roots of one to eight leaves, at once and leaf by leaf")
  void publishedRoots() {
    List<TreeHash> leaves =
        LEAVES.stream().map(hex -> TreeHash.leaf(HexFormat.of().parseHex(hex))).toList();
    GrowingTree growing = new GrowingTree();
    assertThat(growing.root()).isEqualTo(TreeHash.empty());
    assertThat(TreeHash.empty())
        .hasToString("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    for (int size = 1; size <= 8; size++) {
      growing.add(leaves.get(size - 1));
      assertThat(MerkleTree.root((l, i) -> node(leaves, l, i), size))
          .hasToString(ROOTS.get(size - 1))
          .isEqualTo(growing.root());
    }
  }

  @Test
  @DisplayName("C26: every leaf of every tree up to 70 has a proof, which holds for nothing else")
  void inclusion() {
    List<TreeHash> leaves = leaves(70);
    MerkleTree.Nodes nodes = (l, i) -> node(leaves, l, i);
    for (int size = 1; size <= 70; size++) {
      TreeHash root = MerkleTree.root(nodes, size);
      for (int leaf = 0; leaf < size; leaf++) {
        List<TreeHash> proof = MerkleTree.inclusion(nodes, leaf, size);
        assertThat(MerkleTree.includes(root, size, leaf, leaves.get(leaf), proof)).isTrue();
        int other = (leaf + 1) % 70;
        assertThat(MerkleTree.includes(root, size, leaf, leaves.get(other), proof)).isFalse();
        assertThat(MerkleTree.includes(root, size, other, leaves.get(leaf), proof)).isFalse();
        if (!proof.isEmpty()) {
          assertThat(
                  MerkleTree.includes(
                      root, size, leaf, leaves.get(leaf), proof.subList(1, proof.size())))
              .isFalse();
        }
      }
    }
    assertThatThrownBy(() -> MerkleTree.inclusion(nodes, 5, 5))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  @DisplayName("C26: each tree up to 40 is shown to begin every later one, and no other does")
  void consistency() {
    List<TreeHash> leaves = leaves(40);
    List<TreeHash> forged = new ArrayList<>(leaves);
    forged.set(0, TreeHash.leaf(new byte[] {9}));
    MerkleTree.Nodes nodes = (l, i) -> node(leaves, l, i);
    for (int later = 1; later <= 40; later++) {
      TreeHash root = MerkleTree.root(nodes, later);
      for (int earlier = 1; earlier <= later; earlier++) {
        TreeHash before = MerkleTree.root(nodes, earlier);
        List<TreeHash> proof = MerkleTree.consistency(nodes, earlier, later);
        assertThat(MerkleTree.consistent(before, earlier, root, later, proof)).isTrue();
        TreeHash other = MerkleTree.root((l, i) -> node(forged, l, i), earlier);
        assertThat(MerkleTree.consistent(other, earlier, root, later, proof)).isFalse();
        assertThat(MerkleTree.consistent(before, earlier, other, later, proof)).isFalse();
      }
    }
  }
}
