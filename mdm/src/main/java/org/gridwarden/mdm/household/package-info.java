/** What consumers see of their own use: what it costs, will cost, would cost, and what to do. */
@org.jspecify.annotations.NullMarked
package org.gridwarden.mdm.household;
