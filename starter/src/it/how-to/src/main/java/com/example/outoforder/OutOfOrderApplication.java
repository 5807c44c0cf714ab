package com.example.outoforder;

import org.springframework.boot.autoconfigure.SpringBootApplication;

@SpringBootApplication
public class OutOfOrderApplication {

}
