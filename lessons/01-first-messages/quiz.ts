import type { QuizQuestion } from "../schema.ts";

export const quiz: readonly QuizQuestion[] = [
  {
    id: "Q1",
    question: "A call times out after 5 s. What is certain?",
    options: [
      {
        text: "The server has not handled the request.",
        correct: false,
        misconception:
          "It would be nice if giving up cancelled the work, but nobody tells the server. The request is in its mailbox, in its hands, or done with the reply on its way.",
      },
      {
        text: "The server will handle it later.",
        correct: false,
        misconception:
          "Often it will. But the request may have been lost on the wire, or the server may end before its turn comes, and its mailbox with it.",
      },
      { text: "Nothing about the server's side.", correct: true },
      {
        text: "The server has crashed.",
        correct: false,
        misconception:
          "Had it crashed, the call would have ended at once, with the server's exit reason. A time-out is what slowness looks like from here; lesson 3 is about how little that tells.",
      },
    ],
    explanation:
      "A time-out is about the caller's patience. Done, waiting, lost: from here they look the same, and a caller that acts as if it knew will sell something twice or not at all.",
  },
  {
    id: "Q2",
    question:
      "A till can do 100 sales a second. For 20 s 140 a second come, then 60 a second. How long after the rush is the mailbox empty?",
    options: [
      {
        text: "At once: 60 is less than 100.",
        correct: false,
        misconception:
          "The till keeps up again with those who come. But those who came before are still in line, about 800 of them.",
      },
      { text: "After about 20 s.", correct: true },
      {
        text: "Never.",
        correct: false,
        misconception:
          "It would stay as it is if 100 came each second, and grow with more. With 60 there are 40 places a second left to work it off.",
      },
      {
        text: "After about 8 s.",
        correct: false,
        misconception:
          "800 ÷ 100 is right if the doors close. They stay open: of the 100 sales a second 60 go to newcomers, and 40 to the line.",
      },
    ],
    explanation:
      "800 are waiting, and the line gets shorter by 100 − 60 = 40 a second. 800 ÷ 40 = 20 s, as long as it took to grow.",
  },
  {
    id: "Q3",
    question: "A thousand messages wait in the till's mailbox. What does a cast to it do?",
    options: [
      { text: "It returns at once, and 1,001 wait.", correct: true },
      {
        text: "It fails: the mailbox is full.",
        correct: false,
        misconception:
          "Many queues elsewhere have a bound and say when it is reached. A mailbox has none: it takes messages for as long as there is memory.",
      },
      {
        text: "It waits until there is room.",
        correct: false,
        misconception:
          "A sender can indeed be held up on the BEAM, when the connection to another node is busy. The length of a mailbox does not do that.",
      },
    ],
    explanation:
      "A send never asks the receiver. That is what makes it cheap, and why a bound, where one is needed, has to be built: lessons 22 and 23.",
  },
];
