package io.appdbs.rls;

import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Tests for {@link PropagatedPrefix} on a PostgreSQL without other nodes, which accepts
 * the setting that propagates others.
 */
class RlsPropagatedContextTests extends AbstractPropagatedContextTests {

	@RegisterExtension
	private static final Notes notes = new Notes();

	@Override
	String url() {
		return notes.address() + "/notes";
	}

}
