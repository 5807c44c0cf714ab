package io.appdbs.replica;

import jakarta.servlet.http.HttpSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link HttpReplicaReadsUserProvider}.
 */
class HttpReplicaReadsUserProviderTests {

	private final ReplicaReadsUserProvider session = HttpReplicaReadsUserProvider.ofSession();

	private final ReplicaReadsUserProvider header = HttpReplicaReadsUserProvider.ofHeader("X-Client-Id");

	@AfterEach
	void endRequest() {
		RequestContextHolder.resetRequestAttributes();
	}

	@Test
	void whenNoRequestIsServedThenThereIsNoUser() {
		assertThat(this.session.getUser()).isNull();
		assertThat(this.header.getUser()).isNull();
	}

	@Test
	void whenTheRequestHasNoSessionThenNoneIsCreated() {
		MockHttpServletRequest request = begin(new MockHttpServletRequest());
		assertThat(this.session.getUser()).isNull();
		assertThat(request.getSession(false)).isNull();
	}

	@Test
	void whenTheRequestHasASessionThenItsIdIsTheUser() {
		MockHttpServletRequest request = begin(new MockHttpServletRequest());
		HttpSession created = request.getSession();
		assertThat(this.session.getUser()).isEqualTo(created.getId());
	}

	@Test
	void whenTheRequestHasTheHeaderThenItsValueIsTheUser() {
		MockHttpServletRequest request = begin(new MockHttpServletRequest());
		assertThat(this.header.getUser()).isNull();
		request.addHeader("x-client-id", "alice");
		assertThat(this.header.getUser()).isEqualTo("alice");
	}

	@Test
	void whenTheRequestHasEndedThenThereIsNoUser() {
		begin(new MockHttpServletRequest() {

			@Override
			public HttpSession getSession(boolean create) {
				throw new IllegalStateException("The request object has been recycled");
			}

		});
		assertThat(this.session.getUser()).isNull();
	}

	@Test
	void headerHasAName() {
		assertThatIllegalArgumentException().isThrownBy(() -> HttpReplicaReadsUserProvider.ofHeader(" "))
			.withMessage("'name' must not be empty");
	}

	private static MockHttpServletRequest begin(MockHttpServletRequest request) {
		RequestContextHolder.setRequestAttributes(new ServletRequestAttributes(request));
		return request;
	}

}
