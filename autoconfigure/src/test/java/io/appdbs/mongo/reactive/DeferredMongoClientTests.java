package io.appdbs.mongo.reactive;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import com.mongodb.ReadPreference;
import com.mongodb.reactivestreams.client.ClientSession;
import com.mongodb.reactivestreams.client.FindPublisher;
import com.mongodb.reactivestreams.client.MongoClient;
import com.mongodb.reactivestreams.client.MongoCollection;
import com.mongodb.reactivestreams.client.MongoDatabase;
import org.bson.Document;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import org.springframework.data.mongodb.core.SimpleReactiveMongoDatabaseFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.willAnswer;
import static org.mockito.Mockito.RETURNS_DEEP_STUBS;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;

/**
 * Tests for {@link DeferredMongoClient}.
 */
class DeferredMongoClientTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	private final MongoClient first = mock(RETURNS_DEEP_STUBS);

	private final MongoClient second = mock(RETURNS_DEEP_STUBS);

	private @Nullable Mono<Void> gate;

	private final DeferredMongoClient deferred = new DeferredMongoClient(this.first, () -> this.gate);

	private final MongoClient client = this.deferred.getClient();

	private final MongoCollection<Document> products = this.client.getDatabase("catalog").getCollection("product");

	@BeforeEach
	void answer() {
		given(products(this.first).countDocuments()).willReturn(Mono.just(1L));
		given(products(this.second).countDocuments()).willReturn(Mono.just(2L));
	}

	@Test
	void derivedObjectsUseTheCurrentClient() {
		MongoDatabase database = this.client.getDatabase("catalog").withReadPreference(ReadPreference.nearest());
		this.deferred.replace(this.second);
		database.getReadPreference();
		verify(this.second.getDatabase("catalog").withReadPreference(ReadPreference.nearest())).getReadPreference();
		assertThat(get(this.products.countDocuments())).containsExactly(2L);
	}

	@Test
	void thePublisherThatTheApplicationHoldsUsesTheClientAtTheTimeOfTheSubscription() {
		Publisher<Long> count = this.products.countDocuments();
		assertThat(get(count)).containsExactly(1L);
		assertThat(get(count)).containsExactly(1L);
		this.deferred.replace(this.second);
		assertThat(get(count)).containsExactly(2L);
		verify(products(this.first), times(1)).countDocuments();
	}

	@Test
	void theOptionsOfAPublisherApplyToEachClient() {
		FindPublisher<Document> former = find(this.first, "former");
		FindPublisher<Document> current = find(this.second, "current");
		FindPublisher<Document> held = this.products.find().limit(3);
		held.maxTime(5, TimeUnit.SECONDS);
		assertThat(get(held)).containsExactly(new Document("name", "former"));
		this.deferred.replace(this.second);
		assertThat(get(held)).containsExactly(new Document("name", "current"));
		List.of(former, current).forEach((each) -> {
			verify(each, times(1)).limit(3);
			verify(each, times(1)).maxTime(5, TimeUnit.SECONDS);
		});
	}

	@Test
	void aPublisherOfAPublisherUsesTheCurrentClientWithTheOptions() {
		FindPublisher<Document> former = find(this.first, "former");
		FindPublisher<Document> current = find(this.second, "current");
		given(former.first()).willReturn(Mono.empty());
		given(current.first()).willReturn(Mono.just(new Document("name", "first")));
		Publisher<Document> held = this.products.find().limit(3).first();
		this.deferred.replace(this.second);
		assertThat(get(held)).containsExactly(new Document("name", "first"));
		verify(current).limit(3);
	}

	@Test
	void aSessionKeepsItsClientAndOtherOperationsUseTheCurrentOne() {
		ClientSession session = mock();
		given(session.getOriginator()).willReturn(this.first);
		given(this.first.startSession()).willReturn(Mono.just(session));
		given(products(this.first).countDocuments(session)).willReturn(Mono.just(10L));
		ClientSession begun = get(this.client.startSession()).get(0);
		this.deferred.replace(this.second);
		assertThat(get(this.products.countDocuments(begun))).containsExactly(10L);
		assertThat(get(this.products.countDocuments())).containsExactly(2L);
		verify(products(this.second), never()).countDocuments(any(ClientSession.class));
	}

	@Test
	void operationsOfSpringDataInATransactionUseItsSession() {
		ClientSession session = mock();
		given(session.getOriginator()).willReturn(this.first);
		given(products(this.first).countDocuments(session)).willReturn(Mono.just(10L));
		Mono<Long> count = new SimpleReactiveMongoDatabaseFactory(this.client, "catalog").withSession(session)
			.getMongoDatabase()
			.flatMap((database) -> Mono.from(database.getCollection("product").countDocuments()));
		assertThat(count.block(TIMEOUT)).isEqualTo(10);
	}

	@Test
	void anOperationWaitsForTheGate() {
		Sinks.Empty<Void> open = Sinks.empty();
		this.gate = open.asMono();
		Mono<Long> count = Mono.from(this.products.countDocuments()).cache();
		Disposable waiting = count.subscribe();
		assertThat(waiting.isDisposed()).isFalse();
		this.deferred.replace(this.second);
		open.tryEmitEmpty();
		assertThat(count.block(TIMEOUT)).isEqualTo(2);
	}

	@Test
	void anOperationFailsWithTheGate() {
		this.gate = Mono.error(new IllegalStateException("down"));
		assertThatIllegalStateException().isThrownBy(() -> get(this.products.countDocuments())).withMessage("down");
		assertThatIllegalStateException().isThrownBy(() -> get(this.client.startSession())).withMessage("down");
	}

	@Test
	void anOperationInATransactionDoesNotWait() {
		ClientSession session = mock();
		given(session.getOriginator()).willReturn(this.first);
		given(session.hasActiveTransaction()).willReturn(true, false);
		given(products(this.first).countDocuments(session)).willReturn(Mono.just(10L));
		this.gate = Mono.error(new IllegalStateException("suspended"));
		Publisher<Long> count = this.products.countDocuments(session);
		assertThat(get(count)).containsExactly(10L);
		assertThatIllegalStateException().isThrownBy(() -> get(count));
	}

	@Test
	void anInvalidArgumentFailsAtOnce() {
		given(products(this.first).countDocuments(any(Document.class))).willThrow(new IllegalArgumentException("null"));
		assertThatIllegalArgumentException().isThrownBy(() -> this.products.countDocuments(new Document()));
	}

	@Test
	void whatTheCurrentClientThrowsIsTheResultOfTheSubscription() {
		given(products(this.second).countDocuments()).willThrow(new IllegalStateException("closed"));
		Publisher<Long> count = this.products.countDocuments();
		this.deferred.replace(this.second);
		assertThat(Mono.from(count).onErrorReturn(-1L).block(TIMEOUT)).isEqualTo(-1);
	}

	@Test
	void proxiesAreEqualOnlyToThemselves() {
		Publisher<Long> count = this.products.countDocuments();
		assertThat(count).isEqualTo(count).isNotEqualTo(this.products.countDocuments());
		assertThat(count.hashCode()).isEqualTo(count.hashCode());
		assertThat(count.toString()).startsWith("DeferredMongoClient@");
		assertThat(this.client.toString()).startsWith("DeferredMongoClient@");
	}

	private static MongoCollection<Document> products(MongoClient client) {
		return client.getDatabase("catalog").getCollection("product");
	}

	private static FindPublisher<Document> find(MongoClient client, String name) {
		FindPublisher<Document> publisher = mock();
		given(publisher.limit(3)).willReturn(publisher);
		given(publisher.maxTime(5, TimeUnit.SECONDS)).willReturn(publisher);
		willAnswer((invocation) -> {
			Subscriber<? super Document> subscriber = invocation.getArgument(0);
			Flux.just(new Document("name", name)).subscribe(subscriber);
			return null;
		}).given(publisher).subscribe(any());
		given(products(client).find()).willReturn(publisher);
		return publisher;
	}

	private static <T> List<T> get(Publisher<T> publisher) {
		return Flux.from(publisher).collectList().block(TIMEOUT);
	}

}
