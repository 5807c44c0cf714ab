package io.appdbs.sample.orders;

import java.util.List;

import jakarta.validation.Valid;

import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

@RestController
@RequestMapping("/orders")
class OrderController {

	private final OrderService service;

	private final OrderRepository orders;

	OrderController(OrderService service, OrderRepository orders) {
		this.service = service;
		this.orders = orders;
	}

	@GetMapping
	List<Order> list() {
		return this.orders.findLatest();
	}

	@GetMapping("/{id}")
	Order get(@PathVariable long id) {
		return this.orders.get(id);
	}

	@PostMapping
	ResponseEntity<Order> place(@Valid @RequestBody NewOrder order) {
		Order placed = this.service.place(order);
		return ResponseEntity.created(ServletUriComponentsBuilder.fromCurrentRequest().path("/{id}").build(placed.id()))
			.body(placed);
	}

}
