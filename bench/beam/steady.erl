%% The programs of bench/programs.ts as Erlang has them, message for message.
%%
%% `main/0` reads lines "ping_pong 200000" from its input and answers each with the microseconds
%% that the run took. Each run has a process of its own, so that none inherits a grown heap.
-module(steady).
-behaviour(gen_server).
-export([main/0, init/1, handle_call/3, handle_cast/2]).

main() ->
    case io:get_line("") of
        eof ->
            halt();
        Line ->
            [Program, Count] = string:lexemes(Line, " \n"),
            io:format("~b~n", [micros(list_to_atom(Program), list_to_integer(Count))]),
            main()
    end.

micros(Program, Count) ->
    Parent = self(),
    spawn(fun() ->
        {Micros, _} = timer:tc(fun() -> run(Program, Count) end),
        Parent ! {micros, Micros}
    end),
    receive {micros, Micros} -> Micros end.

run(ping_pong, Count) ->
    Self = self(),
    Partner = spawn_link(fun() -> pong(Self) end),
    ping(Partner, Count div 2),
    unlink(Partner),
    exit(Partner, kill);
run(ring, Count) ->
    Next = lists:foldl(
        fun(_, Pid) -> spawn_link(fun() -> member(Pid) end) end, self(), lists:seq(1, 999)),
    rounds(Next, Count div 1000),
    unlink(Next),
    exit(Next, kill);
run(fan_out, Count) ->
    Self = self(),
    Workers = [spawn(fun() -> pong(Self) end) || _ <- lists:seq(1, 1000)],
    fan(Workers, Count div 2000),
    [exit(Worker, kill) || Worker <- Workers];
run(calls, Count) ->
    {ok, Pid} = gen_server:start(?MODULE, 0, []),
    calls(Pid, Count div 2),
    gen_server:stop(Pid).

ping(_, 0) -> ok;
ping(Partner, Left) ->
    Partner ! Left,
    receive _ -> ping(Partner, Left - 1) end.

pong(To) ->
    receive Message -> To ! Message, pong(To) end.

member(Next) ->
    receive Message -> Next ! Message, member(Next) end.

rounds(_, 0) -> ok;
rounds(Next, Left) ->
    Next ! Left,
    receive _ -> rounds(Next, Left - 1) end.

fan(_, 0) -> ok;
fan(Workers, Left) ->
    [Worker ! Left || Worker <- Workers],
    collect(1000),
    fan(Workers, Left - 1).

collect(0) -> ok;
collect(Left) ->
    receive _ -> collect(Left - 1) end.

calls(_, 0) -> ok;
calls(Pid, Left) ->
    gen_server:call(Pid, 1),
    calls(Pid, Left - 1).

init(Total) -> {ok, Total}.
handle_call(By, _From, Total) -> {reply, Total, Total + By}.
handle_cast(_Message, Total) -> {noreply, Total}.
