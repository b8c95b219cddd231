/** XML as trees of elements, read within limits, one item after the other. */
@NullMarked
package org.gridwarden.exchange.xml;

import org.jspecify.annotations.NullMarked;
